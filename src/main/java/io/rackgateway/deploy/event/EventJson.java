package io.rackgateway.deploy.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.RunResult;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON form of events, results, plans and backups, as {@code docs/events.md} and {@code
 * docs/result.md} describe it.
 *
 * <p>Known secrets are masked in every text meant for people. Fields that programs act upon, such
 * as names, versions, paths, hashes and references, are written as they are: they hold no secrets,
 * and a password that happens to be the word {@code gateway} must not make a plan unreadable. Each
 * form is read back as it was written, to the millisecond in durations. Thread-safe.
 */
public final class EventJson {

  private static final String SCHEMA = "schema";

  private final ObjectMapper mapper;
  private final Secrets secrets;

  public EventJson(Secrets secrets) {
    this.secrets = secrets;
    this.mapper = JsonMapping.mapper(secrets);
  }

  /** An event as one line of JSON, without the line's end. */
  public String write(EventRecord event) {
    ObjectNode line = mapper.createObjectNode();
    line.put(SCHEMA, EventRecord.SCHEMA);
    line.put("seq", event.sequence());
    line.put("time", event.time().toString());
    line.put("run", event.run());
    line.put("type", type(event.event().getClass()));
    ObjectNode fields = mapper.valueToTree(event.event());
    if (event.event() instanceof Event.RunFinished finished) {
      fields.set("result", tree(finished.result()));
    }
    line.setAll(fields);
    return line.toString();
  }

  /** The name of a kind of event: {@code phase-started}. */
  static String type(Class<?> event) {
    return event.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** A result as one line of JSON. */
  public String write(RunResult result) {
    return tree(result).toString();
  }

  /** A result as indented JSON, for people. */
  public String writePretty(RunResult result) {
    return tree(result).toPrettyString();
  }

  /** A plan as one line of JSON. */
  public String write(Plan plan) {
    return tree(plan).toString();
  }

  /** A plan as indented JSON, for files that people review. */
  public String writePretty(Plan plan) {
    return tree(plan).toPrettyString();
  }

  /** A backup as one line of JSON. */
  public String write(Backup backup) {
    return mapper.valueToTree(backup).toString();
  }

  /** A rehearsal as indented JSON, with its schema and whether the upgrade may go on. */
  public String writePretty(Rehearsal rehearsal) {
    ObjectNode tree = mapper.createObjectNode();
    tree.put(SCHEMA, Rehearsal.SCHEMA);
    tree.put("passed", rehearsal.failure() == null);
    ObjectNode fields = mapper.valueToTree(rehearsal);
    return tree.<ObjectNode>setAll(fields).toPrettyString();
  }

  /** A baseline as one line of JSON. */
  public String write(Baseline baseline) {
    Map<String, Integer> masked = new TreeMap<>();
    baseline
        .errors()
        .forEach((text, count) -> masked.merge(secrets.mask(text), count, Math::addExact));
    return mapper
        .valueToTree(new Baseline(baseline.from(), baseline.until(), baseline.traffic(), masked))
        .toString();
  }

  /** A bake as one line of JSON. */
  public String write(Bake bake) {
    return mapper.valueToTree(bake).toString();
  }

  /** A look as one line of JSON. */
  public String write(Look look) {
    return mapper.valueToTree(look).toString();
  }

  /** Any value made of the model's, as indented JSON, for answers that are neither of the above. */
  public String writeAny(Object value) {
    return mapper.valueToTree(value).toPrettyString();
  }

  /**
   * Reads a plan.
   *
   * @param source what holds it, for messages: {@code plan.json}
   * @throws io.rackgateway.deploy.model.DeployException.Usage if it is not a whole plan of {@link
   *     Plan#SCHEMA}, or was changed after it was made
   */
  public Plan readPlan(String json, String source) {
    JsonForm form = new JsonForm(mapper, "plan", source);
    JsonNode tree = form.parse(json, Plan.SCHEMA);
    Plan plan = form.as(tree, Plan.class);
    if (!plan.hash().equals(tree.path("hash").asText())) {
      throw form.wrong("it was changed after it was made: its hash does not fit");
    }
    return plan;
  }

  /**
   * Reads a result.
   *
   * @param source what holds it, for messages
   * @throws io.rackgateway.deploy.model.DeployException.Usage if it is not a whole result of {@link
   *     RunResult#SCHEMA}
   */
  public RunResult readResult(String json, String source) {
    JsonForm form = new JsonForm(mapper, "result", source);
    return form.as(form.parse(json, RunResult.SCHEMA), RunResult.class);
  }

  /**
   * Reads a backup's description.
   *
   * @param source what holds it, for messages
   * @throws io.rackgateway.deploy.model.DeployException.Usage if it is not a whole one
   */
  public Backup readBackup(String json, String source) {
    JsonForm form = new JsonForm(mapper, "backup", source);
    return form.as(form.parse(json), Backup.class);
  }

  /**
   * Reads what a journal holds of a baseline, a bake or a look.
   *
   * @param source what holds it, for messages
   * @throws io.rackgateway.deploy.model.DeployException.Usage if it is not a whole one
   */
  public Baseline readBaseline(String json, String source) {
    JsonForm form = new JsonForm(mapper, "baseline", source);
    return form.as(form.parse(json), Baseline.class);
  }

  /** {@link #readBaseline} for a bake. */
  public Bake readBake(String json, String source) {
    JsonForm form = new JsonForm(mapper, "bake", source);
    return form.as(form.parse(json), Bake.class);
  }

  /** {@link #readBaseline} for a look. */
  public Look readLook(String json, String source) {
    JsonForm form = new JsonForm(mapper, "look", source);
    return form.as(form.parse(json), Look.class);
  }

  /**
   * Reads what a database held, as {@link #writeAny} wrote it.
   *
   * @param source what holds it, for messages
   * @throws io.rackgateway.deploy.model.DeployException.Usage if it is not whole
   */
  public DatabaseFacts readFacts(String json, String source) {
    JsonForm form = new JsonForm(mapper, "account of a database", source);
    return form.as(form.parse(json), DatabaseFacts.class);
  }

  private ObjectNode tree(Plan plan) {
    ObjectNode tree = mapper.createObjectNode();
    tree.put(SCHEMA, Plan.SCHEMA);
    tree.put("hash", plan.hash());
    ObjectNode fields = mapper.valueToTree(plan);
    return tree.setAll(fields);
  }

  private ObjectNode tree(RunResult result) {
    ObjectNode tree = mapper.createObjectNode();
    tree.put(SCHEMA, RunResult.SCHEMA);
    tree.put("exitCode", result.outcome().code());
    ObjectNode fields = mapper.valueToTree(result);
    Downtime downtime = result.downtime();
    if (downtime != null && fields.get("downtime") instanceof ObjectNode node) {
      node.put("totalMillis", downtime.total().toMillis());
    }
    return tree.setAll(fields);
  }
}
