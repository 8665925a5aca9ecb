package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.process.OrphanedCommands;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Sets executions of runs going: of new ones, and of those that another process left. */
final class Launching {

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;
  private final Locks locks;
  private final RandomGenerator random;

  Launching(Settings settings, Ports ports, Journal journal, Locks locks, RandomGenerator random) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
    this.locks = locks;
    this.random = random;
  }

  /** A new run; refused where a gate of its plan forbids it. */
  RunResult begin(Plan plan) {
    refuseBlocked(plan.blocks());
    RunId id = RunId.create(ports.waits().clock().instant(), random);
    ports.events().setRun(id);
    try (Lock lock = locks.take(id)) {
      RunRecord record =
          new RunRecord(
              id,
              settings.gateway(),
              command(plan),
              plan,
              ports.waits().clock().instant(),
              null,
              null);
      journal.begin(record);
      return new RunExecution(settings, ports, journal, record, plan, lock, Course.BEGIN)
          .execute(null);
    }
  }

  /** An interrupted run that wants what was just asked for. */
  RunResult takeUpSame(RunRecord record) {
    ports
        .events()
        .emit(
            new Event.Notice(
                "taking up run " + record.id() + ", which wanted the same and was interrupted"));
    return takeUp(record, false);
  }

  /** The refusal of a new run while an interrupted one waits. */
  static DeployException.Blocked comesFirst(RunRecord record) {
    return new DeployException.Blocked(
        Problem.of(
            "run " + record.id() + " (" + describe(record) + ") was interrupted and comes first",
            "run 'resume' to finish it, or 'resume --undo' to undo it"));
  }

  /** An interrupted run, to its end or back. */
  RunResult takeUp(RunRecord record, boolean undo) {
    ports.events().setRun(record.id());
    try (Lock lock = locks.takeOver(record.id())) {
      awaitOrphans(record.id());
      Plan plan = record.plan();
      if (plan == null) {
        return new BackupRun(settings, ports, journal, record, lock, null).execute();
      }
      String undoing = record.undoing();
      if (undoing == null && undo) {
        undoing = "was interrupted and is undone as asked";
      }
      return new RunExecution(settings, ports, journal, record, plan, lock, Course.RESUME)
          .execute(undoing);
    }
  }

  /**
   * Without the journal there is only the mark, which holds the plan, and what the platform shows.
   */
  RunResult recover(Mark mark, boolean undo) {
    Plan plan = ports.json().readPlan(mark.plan(), "the mark on the platform");
    ports.events().setRun(mark.run());
    ports
        .events()
        .emit(
            new Event.Notice(
                "this journal does not know run "
                    + mark.run()
                    + ", begun "
                    + mark.startedAt()
                    + " by "
                    + mark.owner()
                    + "; going by its mark on the platform"));
    try (Lock lock = locks.takeOver(mark.run())) {
      awaitOrphans(mark.run());
      RunRecord record =
          new RunRecord(
              mark.run(), settings.gateway(), command(plan), plan, mark.startedAt(), null, null);
      if (journal.find(mark.run()).isEmpty()) {
        journal.begin(record);
      }
      boolean arrived =
          !undo
              && runsTarget(plan)
              && (plan.restores() == null || ports.restorer().switched(mark.run()));
      Course course = arrived ? Course.VERIFY_ONLY : Course.UNDO_UNKNOWN;
      String undoing =
          arrived ? null : "was interrupted and its journal is not at hand, so it is undone";
      return new RunExecution(settings, ports, journal, record, plan, lock, course)
          .execute(undoing);
    }
  }

  private boolean runsTarget(Plan plan) {
    Observation observation = ports.driver().observe();
    Optional<String> image = ports.driver().resolve(plan.toReference());
    return observation.reference().equals(plan.toReference())
        && !observation.instances().isEmpty()
        && image.isPresent()
        && observation.instances().stream()
            .allMatch(i -> i.image().equals(image.get()) && i.state() != Instance.State.STOPPED);
  }

  /** Undoes an interrupted run for a restore of the database that follows. */
  RunResult handOver(RunRecord record, Plan plan) {
    ports.events().setRun(record.id());
    try (Lock lock = locks.takeOver(record.id())) {
      awaitOrphans(record.id());
      return new RunExecution(settings, ports, journal, record, plan, lock, Course.RESUME)
          .handOver();
    }
  }

  static void refuseBlocked(List<Gate> gates) {
    List<Gate> blocks = gates.stream().filter(gate -> gate.result() == Gate.Result.BLOCK).toList();
    if (blocks.isEmpty()) {
      return;
    }
    Gate first = blocks.get(0);
    throw new DeployException.Blocked(
        new Problem(
            "gate '" + first.name() + "' blocks: " + first.evidence(),
            String.valueOf(first.next()),
            blocks.stream()
                .skip(1)
                .map(gate -> "gate '" + gate.name() + "' blocks too: " + gate.evidence())
                .toList()));
  }

  private void awaitOrphans(RunId run) {
    new OrphanedCommands(ports.waits()).await(run, settings.migrateTimeout());
  }

  private static String describe(RunRecord record) {
    Plan plan = record.plan();
    return plan == null ? record.command() : record.command() + " to " + plan.to();
  }

  static String command(Plan plan) {
    boolean databaseAlone = plan.restores() != null && plan.from().equals(plan.to());
    return databaseAlone ? "restore" : plan.kind().name().toLowerCase(Locale.ROOT);
  }
}
