package io.rackgateway.deploy.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run will do, made without changing anything. Immutable: a plan that was approved is the
 * plan that runs. Two plans with equal {@link #hash()} were made from the same world and do the
 * same.
 *
 * @param kind what the run is for
 * @param location where the gateway runs, for people
 * @param from the version that runs now
 * @param to the version that will run
 * @param fromReference what the manifest names now: image reference or version
 * @param fromImage the platform's identity of what runs now: image id or release folder; null when
 *     nothing runs and it is not known
 * @param toReference what the manifest will name
 * @param digest the image digest that was asked for, null for none
 * @param instances the copies that run or should run now
 * @param edits the changes to manifests
 * @param steps every effect, in order
 * @param schema the migrations the database holds now
 * @param interruption the interruption to expect, one phrase
 * @param rollbackRoute how it would be undone, one sentence
 * @param rollbackData what going back would mean for the database, one sentence
 * @param restores the id of the backup that the database is restored from; null when it stays
 * @param outlook what was learnt about the way: releases in between, variables, migrations, image
 */
public record Plan(
    Kind kind,
    String gateway,
    String platform,
    String location,
    Version from,
    Version to,
    String fromReference,
    @Nullable String fromImage,
    String toReference,
    @Nullable String digest,
    List<Instance> instances,
    Strategy strategy,
    List<ManifestEdit> edits,
    List<PlannedStep> steps,
    List<Gate> gates,
    SchemaState schema,
    String interruption,
    String rollbackRoute,
    String rollbackData,
    @Nullable String restores,
    Outlook outlook,
    String toolVersion,
    Instant createdAt) {

  /** The version of the JSON form; a plan file of another one is refused. */
  public static final int SCHEMA = 2;

  /** The gate that changes with the time of day alone, and is judged when the run begins. */
  public static final String MAINTENANCE = "maintenance";

  /** What a run is for. */
  public enum Kind {
    UPGRADE,
    ROLLBACK
  }

  public Plan {
    instances = List.copyOf(instances);
    edits = List.copyOf(edits);
    steps = List.copyOf(steps);
    gates = List.copyOf(gates);
  }

  /**
   * Everything the plan was decided from and decides, by name. When a world has drifted from a
   * plan, the names whose texts differ say in what. Times, evidence texts and the gate {@value
   * #MAINTENANCE} are left out: they differ without meaning anything.
   */
  public Map<String, String> inputs() {
    Map<String, String> inputs = new TreeMap<>();
    inputs.put("kind", kind.name());
    inputs.put("gateway", gateway);
    inputs.put("platform", platform);
    inputs.put("location", location);
    inputs.put("current version", from.tag());
    inputs.put("target version", to.tag());
    inputs.put("current reference", fromReference);
    inputs.put("current image", String.valueOf(fromImage));
    inputs.put("target reference", toReference);
    inputs.put(
        "instances",
        instances.stream()
            .map(i -> i.image() + " " + i.state().label())
            .sorted()
            .toList()
            .toString());
    inputs.put("strategy", strategy.label());
    inputs.put("database schema", schema.summary());
    if (restores != null) {
      inputs.put("restored backup", restores);
    }
    for (ManifestEdit edit : edits) {
      inputs.put("file " + edit.file(), edit.sha256Before() + " → " + edit.sha256After());
    }
    for (int i = 0; i < steps.size(); i++) {
      PlannedStep step = steps.get(i);
      inputs.put(
          String.format("step %02d", i + 1),
          step.phase().label() + " " + step.name() + ": " + step.description());
    }
    for (Gate gate : gates) {
      if (!gate.name().equals(MAINTENANCE)) {
        inputs.put("gate " + gate.name(), gate.result().label());
        if (!gate.accepted().isEmpty()) {
          inputs.put("accepted of " + gate.name(), String.join(", ", gate.accepted()));
        }
      }
    }
    addOutlook(inputs);
    return inputs;
  }

  private void addOutlook(Map<String, String> inputs) {
    ImageFacts image = outlook.image();
    if (image != null) {
      inputs.put("target image", image.digest());
    }
    if (!outlook.releases().isEmpty()) {
      inputs.put(
          "releases", outlook.releases().stream().map(r -> r.version().tag()).toList().toString());
    }
    for (PendingMigration migration : outlook.migrations()) {
      inputs.put(
          "migration " + migration.version(),
          migration.findings().stream()
              .map(f -> f.kind().label() + " " + f.line())
              .toList()
              .toString());
    }
    for (EnvironmentVariable variable : outlook.environment()) {
      inputs.put("variable " + variable.name(), variable.set() ? "set" : "not set");
    }
  }

  /** SHA-256 over {@link #inputs()}, lower-case hex. */
  public String hash() {
    StringBuilder text = new StringBuilder();
    inputs()
        .forEach(
            (name, value) ->
                text.append(name.length())
                    .append(':')
                    .append(name)
                    .append(value.length())
                    .append(':')
                    .append(value));
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** True when the target runs already, everywhere, so that nothing is left to do. */
  public boolean arrived() {
    return from.equals(to)
        && fromReference.equals(toReference)
        && edits.isEmpty()
        && !instances.isEmpty()
        && instances.stream().allMatch(i -> i.serving() && i.reference().equals(toReference));
  }

  /** The gates that forbid the run. */
  public List<Gate> blocks() {
    return gates.stream().filter(gate -> gate.result() == Gate.Result.BLOCK).toList();
  }
}
