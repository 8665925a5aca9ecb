package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.config.HostConfig;
import io.rackgateway.deploy.config.MigrateConfig;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Waits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The effects of each phase. Each looks at the machine first, so each may be run again. */
final class HostEffects {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);

  private final HostConfig config;
  private final MigrateConfig migrate;
  private final Releases releases;
  private final Staging staging;
  private final Service service;
  private final StopNote stopNote;
  private final Commands commands;
  private final Waits waits;
  private final Events events;

  HostEffects(
      HostConfig config,
      MigrateConfig migrate,
      Releases releases,
      Staging staging,
      Service service,
      Commands commands,
      Waits waits,
      Events events) {
    this.config = config;
    this.migrate = migrate;
    this.releases = releases;
    this.staging = staging;
    this.service = service;
    this.stopNote = new StopNote(releases.directory());
    this.commands = commands;
    this.waits = waits;
    this.events = events;
  }

  List<Effect> prepare(Version to, String run) {
    return List.of(
        new Effect(
            Phase.PREPARE, "stage-release", staging.describe(to), () -> staging.stage(to, run)));
  }

  /** Stopping the old version belongs here where the migrations are to run without it. */
  List<Effect> migrate(Version to, boolean migrations) {
    List<Effect> effects = new ArrayList<>();
    if (config.strategy() == Strategy.STOP_FIRST) {
      effects.add(stop(Phase.MIGRATE, () -> stopAllBut(there(to))));
    }
    if (migrations) {
      effects.add(
          new Effect(
              Phase.MIGRATE,
              "run-migrations",
              "run " + Command.of(migrate.command()).display() + " in " + releases.place(to),
              () -> runMigrations(there(to))));
    }
    return effects;
  }

  /** For a while in which nothing may use the database. */
  List<Effect> stopAll() {
    Path nothing = releases.folder();
    return List.of(stop(Phase.RESTORE, () -> stopAllBut(nothing)));
  }

  /** The link goes first: it does not touch what runs, and the gateway is down that much less. */
  List<Effect> rollout(Version to, String run) {
    List<Effect> effects = new ArrayList<>();
    effects.add(
        new Effect(
            Phase.ROLLOUT,
            "switch-link",
            "point " + releases.link() + " to " + releases.place(to),
            () -> releases.switchTo(there(to), run)));
    if (config.strategy() != Strategy.STOP_FIRST) {
      effects.add(stop(Phase.ROLLOUT, () -> stopAllBut(there(to))));
    }
    effects.addAll(start(Phase.ROLLOUT, () -> there(to)));
    return effects;
  }

  /**
   * @param from the folder of the release that ran before, looked for when it is needed
   * @param restart whether it ran, and is to run again
   */
  List<Effect> rollback(Supplier<Path> from, String run, boolean restart) {
    List<Effect> effects = new ArrayList<>();
    effects.add(
        new Effect(
            Phase.ROLLBACK,
            "switch-link",
            "point " + releases.link() + " back to the release before",
            () -> releases.switchTo(from.get(), run)));
    effects.add(stop(Phase.ROLLBACK, () -> stopForRollback(from.get())));
    if (restart) {
      effects.addAll(start(Phase.ROLLBACK, from));
    }
    return effects;
  }

  private Effect stop(Phase phase, Effect.Action action) {
    return new Effect(
        phase, "stop", "stop the version that runs: " + service.stopCommand(), action);
  }

  private void stopAllBut(Path release) {
    stopNote.place();
    service.stopOthers(release);
    stopNote.remove();
  }

  /** What is on its way down is waited for: taken for running, it would be gone a moment later. */
  private void stopForRollback(Path from) {
    Path nothing = releases.folder();
    service.stopOthers(stopNote.present() ? nothing : from);
    stopNote.remove();
  }

  private List<Effect> start(Phase phase, Supplier<Path> wanted) {
    return List.of(
        new Effect(
            phase,
            "start",
            "start the gateway: " + service.startCommand(),
            () -> start(wanted.get())),
        new Effect(
            phase,
            "await-start",
            "wait until it has been up for " + config.startTime().toMillis() + " ms",
            () -> awaitStart(wanted.get())));
  }

  private void start(Path release) {
    for (Running process : service.processes()) {
      if (process.alive() && process.runs(release)) {
        service.adopt(process);
        return;
      }
      if (process.alive()) {
        throw new DeployException.StepFailed(
            "the gateway still runs as process " + process.pid() + ", so a second is not started",
            "stop it with: " + service.stopCommand());
      }
    }
    service.start(release);
  }

  private void awaitStart(Path release) {
    Waits.Wakeup wakeup = new Waits.Wakeup();
    Running up =
        waits
            .until(
                "the gateway to start",
                START_LIMIT,
                POLL,
                wakeup,
                () -> {
                  throwIfFailed();
                  return service.processes().stream()
                      .filter(process -> process.state() == Instance.State.RUNNING)
                      .filter(process -> process.release() == null || process.runs(release))
                      .findFirst();
                })
            .orElseThrow(
                () ->
                    new DeployException.StepFailed(
                        "the gateway did not start within " + START_LIMIT.toSeconds() + " s",
                        "see what " + service.startCommand() + " does in " + release));
    Stopper.wakeAtEnd(up, wakeup);
    waits.until(
        "the gateway to stay up",
        config.startTime(),
        POLL,
        wakeup,
        () -> {
          throwIfFailed();
          if (!Processes.alive(up.pid())) {
            throw new DeployException.StepFailed(
                "the gateway's process " + up.pid() + " ended as soon as it had started",
                "see its log");
          }
          return Optional.empty();
        });
  }

  private void throwIfFailed() {
    service
        .failure()
        .ifPresent(
            problem -> {
              throw new DeployException.StepFailed(problem);
            });
  }

  private void runMigrations(Path release) {
    Map<String, String> environment = new LinkedHashMap<>();
    Path file = config.environmentFile();
    if (file != null) {
      environment.putAll(EnvironmentFile.read(file));
    }
    migrate.environment().forEach((name, value) -> environment.put(name, value.value()));
    Command command =
        Command.of(migrate.command())
            .in(release)
            .withEnvironment(environment)
            .withTimeout(migrate.timeout());
    CommandResult result =
        commands.run(command, line -> events.emit(new Event.Output("migrate", line)));
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the migrations of "
                  + Releases.label(release)
                  + " failed with exit code "
                  + result.exitCode()
                  + ": "
                  + result.reason(),
              "see the last lines of '" + result.command() + "'",
              result.tail()));
    }
  }

  private Path there(Version version) {
    return releases
        .find(version)
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    "release " + version + " is not in " + releases.place(version),
                    "bring it back there, then run 'resume'"));
  }
}
