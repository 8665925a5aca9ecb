package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A platform, a database and a gateway in memory, with effects that look before they act. It lives
 * on when a run is killed. It does not run anything, knows no time, and cannot fail half-way within
 * one effect: the tests of the real drivers show that.
 */
final class FakePlatform implements DeployDriver, BackupProvider, CheckRunner {

  String manifest = "v1.0.0";
  @Nullable String running = "v1.0.0";
  @Nullable Mark mark;
  final Set<String> pulled = new HashSet<>(Set.of("v1.0.0"));
  final List<String> migrations = new ArrayList<>();
  final List<Backup> backups = new ArrayList<>();
  private int taken;

  /** The migrations that the database held when a backup was taken, by the backup's id. */
  final Map<String, List<String>> schemas = new HashMap<>();

  /** Versions that answer badly as long as the database holds a migration, by that migration. */
  final Map<String, String> intolerant = new HashMap<>();

  /** Effects and checks that fail, by name, such as {@code run-migrations} or {@code v1.1.0}. */
  final Set<String> broken = new HashSet<>();

  /** How backups are proven. */
  Proving proving = Proving.none();

  /** What to do in the middle of an effect, by its name. */
  java.util.function.Consumer<String> during = effect -> {};

  @Override
  public String platform() {
    return "fake";
  }

  @Override
  public Observation observe() {
    return new Observation("fake", "memory", manifest, Version.parse(manifest), instances());
  }

  private List<Instance> instances() {
    String now = running;
    return now == null
        ? List.of()
        : List.of(new Instance("1", "gateway", now, now, Instance.State.RUNNING, null));
  }

  @Override
  public DriverPlan plan(Observation observation, Target target) {
    List<PlannedStep> steps = new ArrayList<>();
    steps.add(new PlannedStep(Phase.PREPARE, "pull", "pull"));
    if (target.migrate()) {
      steps.add(new PlannedStep(Phase.MIGRATE, "run-migrations", "migrate"));
    }
    steps.add(new PlannedStep(Phase.ROLLOUT, "edit", "edit"));
    steps.add(new PlannedStep(Phase.ROLLOUT, "replace", "replace"));
    return new DriverPlan(
        running,
        target.version().tag(),
        Strategy.RECREATE,
        List.of(),
        steps,
        List.of(),
        "one restart",
        "the old version is started again");
  }

  @Override
  public Surroundings surroundings(Observation observation, Target target) {
    return Surroundings.unknown();
  }

  @Override
  public List<Effect> effects(Phase phase, Deployment deployment) {
    String to = deployment.plan().toReference();
    String from = deployment.plan().fromReference();
    String fromImage = deployment.plan().fromImage();
    return switch (phase) {
      case PREPARE -> List.of(effect(phase, "pull", () -> pulled.add(to)));
      case MIGRATE -> List.of(effect(phase, "run-migrations", () -> migrate(to)));
      case RESTORE -> List.of(effect(phase, "stop", () -> running = null));
      case ROLLOUT ->
          List.of(
              effect(phase, "edit", () -> manifest = to),
              effect(phase, "replace", () -> running = to));
      case ROLLBACK ->
          List.of(
              effect(phase, "unedit", () -> manifest = from),
              effect(phase, "put-back", () -> running = fromImage));
      default -> List.of();
    };
  }

  private void migrate(String version) {
    if (!migrations.contains(version)) {
      migrations.add(version);
    }
  }

  private Effect effect(Phase phase, String name, Runnable action) {
    return new Effect(
        phase,
        name,
        name,
        () -> {
          during.accept(name);
          if (broken.contains(name)) {
            throw new DeployException.StepFailed(name + " broke", "mend it");
          }
          action.run();
        });
  }

  @Override
  public Optional<String> resolve(String reference) {
    return pulled.contains(reference) ? Optional.of(reference) : Optional.empty();
  }

  @Override
  public Optional<Problem> failure() {
    return Optional.empty();
  }

  @Override
  public List<String> logs(Instant since) {
    return List.of();
  }

  @Override
  public Optional<Mark> findMark() {
    return Optional.ofNullable(mark);
  }

  @Override
  public void placeMark(Mark newMark) {
    Mark old = mark;
    if (old != null && !old.run().equals(newMark.run())) {
      throw new DeployException.Locked(Problem.of("run " + old.run() + " is at work", "wait"));
    }
    mark = newMark;
  }

  @Override
  public void clearMark(RunId run) {
    if (mark != null && mark.run().equals(run)) {
      mark = null;
    }
  }

  @Override
  public String kind() {
    return "fake";
  }

  @Override
  public Gate preflight() {
    return broken.contains("backup-gate")
        ? Gate.block("backup", "pg_dump 13 is older than the server 15", "install a newer one")
        : Gate.pass("backup", "possible");
  }

  @Override
  public List<PlannedStep> steps() {
    return List.of(new PlannedStep(Phase.BACKUP, "dump", "dump"));
  }

  @Override
  public Backup backup(Request request) {
    during.accept("dump");
    if (broken.contains("dump")) {
      throw new DeployException.StepFailed("the disk is full", "make room");
    }
    String id = "backup-" + request.run();
    for (Backup backup : backups) {
      if (backup.id().equals(id)) {
        return backup;
      }
    }
    Backup backup =
        new Backup(
            id,
            "fake",
            request.gateway(),
            "memory",
            1,
            "00",
            Proof.LISTED,
            request.version(),
            Instant.EPOCH.plusSeconds(++taken),
            Duration.ZERO);
    backups.add(backup);
    schemas.put(id, List.copyOf(migrations));
    return backup;
  }

  @Override
  public List<Backup> list(String gateway) {
    return List.copyOf(backups);
  }

  @Override
  public Optional<DatabaseFacts> facts(Backup backup) {
    return Optional.empty();
  }

  @Override
  public Backup recordProof(Backup backup) {
    backups.replaceAll(known -> known.id().equals(backup.id()) ? backup : known);
    return backup;
  }

  @Override
  public void remove(Backup backup) {
    backups.removeIf(known -> known.id().equals(backup.id()));
  }

  @Override
  public String name() {
    return "health";
  }

  @Override
  public Finding run(Expectation expectation) {
    during.accept("check");
    String now = String.valueOf(running);
    if (broken.contains(now)) {
      return Finding.fail(now + " answers 503");
    }
    if (intolerant.entrySet().stream()
        .anyMatch(rule -> migrations.contains(rule.getKey()) && rule.getValue().equals(now))) {
      return Finding.fail(now + " cannot read the schema");
    }
    return now.equals(expectation.version().tag())
        ? Finding.pass("answers")
        : Finding.fail("runs " + now);
  }
}
