package io.rackgateway.deploy.hook.command;

import io.rackgateway.deploy.config.HookConfig;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.hook.Hooks;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands of {@code before} and {@code after}, run in the configuration's folder. A signal
 * ends the one that is at work. In a run that was asked to stop, those of {@code after} share the
 * few seconds that are left of the grace period.
 */
public final class CommandHooks implements Hooks {

  private static final Duration GRACE = Duration.ofSeconds(4);

  private final List<HookConfig> before;
  private final List<HookConfig> after;
  private final Path home;
  private final Commands commands;
  private final Events events;
  private final Cancellation cancellation;
  private final EventJson json;

  /**
   * @param home the configuration's folder
   */
  public CommandHooks(
      List<HookConfig> before,
      List<HookConfig> after,
      Path home,
      Commands commands,
      Events events,
      Cancellation cancellation,
      EventJson json) {
    this.before = List.copyOf(before);
    this.after = List.copyOf(after);
    this.home = home;
    this.commands = commands;
    this.events = events;
    this.cancellation = cancellation;
    this.json = json;
  }

  @Override
  public List<Effect> before(RunId run, Plan plan) {
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      HookConfig hook = before.get(i);
      String name = "before[" + i + "]";
      effects.add(
          new Effect(
              Phase.BEFORE,
              "before-" + i,
              "run the configured command: " + Command.of(hook.run()).display(),
              () -> mustSucceed(name, hook, Facts.before(run, plan))));
    }
    return effects;
  }

  private void mustSucceed(String name, HookConfig hook, Map<String, String> facts) {
    CommandResult result;
    try {
      result = run(name, hook, hook.timeout(), facts);
    } catch (DeployException.StepFailed e) {
      throw refused(name, e.problem().summary(), e.problem().details());
    }
    if (!result.succeeded()) {
      throw refused(name, failure(result), result.tail());
    }
  }

  private static DeployException.Blocked refused(String name, String why, List<String> lines) {
    return new DeployException.Blocked(
        new Problem(name + ": " + why, "see what the command printed, then run this again", lines));
  }

  @Override
  public void after(Plan plan, RunResult result) {
    if (after.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    events.emit(new Event.PhaseStarted(Phase.AFTER));
    List<String> failures = new ArrayList<>();
    Path file = resultFile(result);
    Map<String, String> facts = Facts.after(plan, result, file == null ? null : file.toString());
    for (int i = 0; i < after.size(); i++) {
      String name = "after[" + i + "]";
      String failure = tried(name, after.get(i), start, facts);
      if (failure != null) {
        failures.add(name + ": " + failure);
        events.emit(new Event.Notice(name + ": " + failure));
      }
    }
    delete(file);
    events.emit(
        new Event.PhaseFinished(
            Phase.AFTER,
            Waits.since(start),
            failures.isEmpty() ? null : String.join("; ", failures)));
  }

  /** Why the command failed; null when it did not. */
  private @Nullable String tried(
      String name, HookConfig hook, long start, Map<String, String> facts) {
    Duration limit = hook.timeout();
    if (cancellation.reason() != null) {
      Duration left = GRACE.minus(Waits.since(start));
      if (left.toMillis() <= 0) {
        return "was left out: the run was asked to stop, and there was no time for it";
      }
      limit = left.compareTo(limit) < 0 ? left : limit;
    }
    try {
      CommandResult result = run(name, hook, limit, facts);
      return result.succeeded() ? null : failure(result);
    } catch (DeployException e) {
      return e.problem().summary();
    }
  }

  private static String failure(CommandResult result) {
    return "'" + result.command() + "' failed with exit code " + result.exitCode() + said(result);
  }

  private static String said(CommandResult result) {
    String last = result.reason();
    return last.startsWith("exit code ") ? "" : ": " + last;
  }

  private CommandResult run(
      String name, HookConfig hook, Duration limit, Map<String, String> facts) {
    return commands.run(
        Command.of(hook.run()).in(home).withEnvironment(facts).withTimeout(limit).asInterruptible(),
        line -> events.emit(new Event.Output(name, line)));
  }

  private @Nullable Path resultFile(RunResult result) {
    try {
      // Temporary files are for their owner alone.
      Path file = Files.createTempFile("rack-gateway-result-", ".json");
      Files.writeString(file, json.writePretty(result));
      return file;
    } catch (IOException e) {
      events.emit(new Event.Notice("the result could not be written for the commands of 'after'"));
      return null;
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // A file in the folder for temporary ones, without secrets, stays behind.
    }
  }
}
