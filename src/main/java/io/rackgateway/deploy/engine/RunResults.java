package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ways in which a run ends, each said in one sentence with what to do next. */
final class RunResults {

  private final String command;
  private final Plan plan;
  private final DeployDriver driver;
  private final RunLog log;
  private final boolean resumed;

  RunResults(String command, Plan plan, DeployDriver driver, RunLog log, boolean resumed) {
    this.command = command;
    this.plan = plan;
    this.driver = driver;
    this.log = log;
    this.resumed = resumed;
  }

  /** The target runs and was verified. */
  RunResult done(Optional<Downtime> downtime) {
    log.running(plan.to());
    String restored = plan.restores();
    if (restored != null && plan.from().equals(plan.to())) {
      return log.result(
          ExitCode.DONE,
          Problem.of(
              "the database of '"
                  + plan.gateway()
                  + "' was restored from "
                  + restored
                  + ", and "
                  + plan.to()
                  + " runs on it"
                  + downtime.map(this::interruption).orElse(""),
              ""),
          false);
    }
    String verb = plan.kind() == Plan.Kind.UPGRADE ? "upgraded" : "rolled back";
    return log.result(
        ExitCode.DONE,
        Problem.of(
            "'"
                + plan.gateway()
                + "' was "
                + verb
                + " from "
                + plan.from()
                + " to "
                + plan.to()
                + (restored == null ? "" : ", its database restored from " + restored)
                + downtime.map(this::interruption).orElse(""),
            ""),
        false);
  }

  private String interruption(Downtime downtime) {
    String seen =
        downtime.outages().isEmpty()
            ? "; no interruption was seen"
            : "; interrupted for " + downtime.total().toMillis() + " ms";
    return resumed ? seen + " since it was taken up again" : seen;
  }

  /** It failed, and what ran before runs again and was verified. */
  RunResult undone(Problem why, boolean touched, RollbackRoute route) {
    log.running(plan.from());
    List<String> details = new ArrayList<>(why.details());
    switch (route.kind()) {
      case APPLICATION -> {
        // The database is as it was: nothing to say.
      }
      case ON_NEW_SCHEMA ->
          details.add(
              "the database keeps what the migrations of "
                  + plan.to()
                  + " changed, and "
                  + plan.from()
                  + " was verified on it: "
                  + route.reason());
      case WITH_DATABASE -> details.addAll(databaseRestored(route));
    }
    Backup backup = log.backup();
    if (route.wanting() && backup != null) {
      details.add(
          "to bring the database back too, run 'restore --backup "
              + backup.id()
              + "', which first saves what was written since");
    }
    String end =
        touched
            ? "; "
                + plan.from()
                + " runs again"
                + (route.restoresDatabase() ? " on its database from before" : "")
                + " and was verified"
            : "; nothing was changed, and " + plan.from() + " was verified";
    return log.result(
        ExitCode.UNDONE, new Problem(says(why.summary()) + end, next(why), details), touched);
  }

  private List<String> databaseRestored(RollbackRoute route) {
    List<String> details = new ArrayList<>();
    details.add("the database was restored: " + route.reason());
    Restored restored = log.restored();
    if (restored != null) {
      Restored.Delta delta = restored.delta();
      if (delta != null) {
        details.add(
            "what was written since the backup was saved in "
                + delta.location()
                + ": "
                + delta.summary());
      }
      if (restored.oldDatabase() != null) {
        details.add(
            "the database as the upgrade left it is kept as '"
                + restored.oldDatabase()
                + "'; 'restore --drop-old' removes it");
      }
    }
    return details;
  }

  /** The platform is as before, and what runs there is for the restore that follows to verify. */
  RunResult handedOver(Problem why) {
    log.running(null);
    return log.result(
        ExitCode.UNDONE,
        new Problem(
            says(why.summary()) + "; " + plan.from() + " is in place again",
            "run 'rollback --restore-database' again if no restore followed",
            why.details()),
        true);
  }

  /** It failed, and as before nothing runs. */
  RunResult undoneToNothing(Problem why) {
    log.running(null);
    return log.result(
        ExitCode.UNDONE,
        new Problem(
            says(why.summary()) + "; no instance ran before, and none runs now",
            next(why),
            why.details()),
        true);
  }

  /** It failed, and was left as it is because the configuration says so. */
  RunResult left(Problem why) {
    log.running(null);
    return log.result(
        ExitCode.FAILED,
        new Problem(
            says(why.summary()) + "; it was left as it is because rollback.application is manual",
            "run 'resume' to try again, or 'rollback' to bring back " + plan.from(),
            why.details()),
        false);
  }

  /** A command of the user's, run before anything else, was against it. */
  RunResult refused(Problem why) {
    return log.result(
        ExitCode.BLOCKED,
        new Problem(
            says("was not begun: " + why.summary()) + "; nothing was changed",
            next(why),
            why.details()),
        false);
  }

  /** It was stopped half-way and is to be taken up again. */
  RunResult interrupted(Problem why) {
    log.running(null);
    return log.result(
        ExitCode.INTERRUPTED,
        Problem.of(
            says(why.summary()),
            "run 'resume' to finish it, or 'resume --undo' to bring back " + plan.from()),
        false);
  }

  /** It failed, and so did bringing back what ran before. */
  RunResult notUndone(Problem why, Problem second, RollbackRoute route) {
    log.running(null);
    List<String> details = new ArrayList<>(why.details());
    details.addAll(second.details());
    details.addAll(state(route));
    return log.result(
        ExitCode.FAILED,
        new Problem(
            says(why.summary())
                + "; bringing back "
                + plan.from()
                + " failed too: "
                + second.summary(),
            second.next() + "; then run 'resume' to go on undoing it",
            details),
        false);
  }

  /** Another run is at work; this one did nothing. */
  RunResult locked(Problem why) {
    return log.result(ExitCode.LOCKED, why, false);
  }

  /** What a human needs to go on from here: what runs, where the data is, and the commands. */
  private List<String> state(RollbackRoute route) {
    List<String> lines = new ArrayList<>();
    lines.add("what runs: " + found());
    Backup backup = log.backup();
    Restored restored = log.restored();
    if (plan.kind() == Plan.Kind.UPGRADE) {
      lines.add(
          "the database: "
              + (restored == null
                  ? switch (route.kind()) {
                    case APPLICATION -> "as it was before, " + route.reason();
                    case ON_NEW_SCHEMA, WITH_DATABASE ->
                        "as the migrations of " + plan.to() + " left it; " + route.reason();
                  }
                  : "restored from " + restored.backup()));
    }
    if (backup != null) {
      lines.add("the backup from before: " + backup.id() + ", in " + backup.location());
    }
    lines.add("next, to go on bringing back " + plan.from() + ": resume");
    lines.add("next, to try " + plan.to() + " again after mending it: resume, then " + command);
    if (backup != null && restored == null) {
      lines.add(
          "next, to bring back "
              + plan.from()
              + " with the database from the backup: rollback --restore-database --backup "
              + backup.id());
    }
    lines.add("next, to look closer: diagnose");
    return lines;
  }

  private String found() {
    try {
      Observation observation = driver.observe();
      return observation.location()
          + " names "
          + observation.reference()
          + "; "
          + (observation.instances().isEmpty()
              ? "no instance is there"
              : observation.instances().stream()
                  .map(i -> i.name() + " (" + i.reference() + ") is " + i.state().label())
                  .collect(Collectors.joining(", ")));
    } catch (DeployException e) {
      return e.problem().summary();
    }
  }

  private String says(String what) {
    return command + " of '" + plan.gateway() + "' to " + plan.to() + " " + what;
  }

  private String next(Problem why) {
    return why.next().isEmpty() ? "to try again, run the " + command + " again" : why.next();
  }
}
