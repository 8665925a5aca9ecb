package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.engine.Planner;
import io.rackgateway.deploy.engine.SinceUpgrade;
import io.rackgateway.deploy.engine.Verification;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description = {
      "Runs all checks against the running gateway. Changes nothing,",
      "unless --since-upgrade finds it clearly bad and --rollback is given."
    })
final class VerifyCommand extends AppCommand {

  /** The guide's "monitor for 24 hours". */
  private static final String LOOKED_AFTER = "24h";

  @Option(
      names = "--expect",
      paramLabel = "VERSION",
      description = "The version that should run (default: what the platform says).")
  @Nullable String expected;

  @Mixin BakeOption bake = new BakeOption();

  @Option(
      names = "--since-upgrade",
      description = {
        "Looks after the last upgrade, to be scheduled for its first 24 hours: what was logged since the last look,"
            + " and how all of it compares with the time before the upgrade. Kept in the journal."
      })
  boolean sinceUpgrade;

  @Option(
      names = "--rollback",
      description = "With --since-upgrade: rolls back when the new version is clearly bad.")
  boolean rollback;

  VerifyCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "verify";
  }

  @Override
  void override(Map<String, String> configuration) {
    bake.override(configuration);
    if (rollback && !sinceUpgrade) {
      throw new DeployException.Usage(
          "--rollback was given without --since-upgrade",
          "add --since-upgrade, or use the command 'rollback'");
    }
    if (sinceUpgrade && (bake.given() || expected != null)) {
      throw new DeployException.Usage(
          "--since-upgrade goes with neither --bake nor --expect",
          "leave them out: what runs and for how long is the last upgrade's");
    }
    if (sinceUpgrade) {
      configuration.put("bake.for", LOOKED_AFTER);
    }
  }

  @Override
  ExitCode run(Session session) {
    if (sinceUpgrade) {
      return session.tell(look(session));
    }
    Version version = expected();
    Verification verification = new Verification(session.settings(), session.ports());
    return session.tell(
        bake.given()
            ? verification.verifyAndBake(
                version,
                session.ports().watch().limits().orElseThrow(),
                before(session).orElse(null))
            : verification.verify(version));
  }

  private @Nullable Version expected() {
    String text = expected;
    if (text == null) {
      return null;
    }
    return Version.tryParse(text)
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    "--expect '" + text + "' is not a version",
                    "give a complete one, such as v1.2.0"));
  }

  /** What was true before the upgrade to what runs now, if the journal knows. */
  private static Optional<Baseline> before(Session session) {
    return session
        .existingJournal()
        .flatMap(
            journal ->
                SinceUpgrade.upgrade(journal, session.gatewayName())
                    .map(RunRecord::id)
                    .flatMap(journal::baseline));
  }

  private RunResult look(Session session) {
    Journal journal =
        session
            .existingJournal()
            .orElseThrow(
                () ->
                    new DeployException.Usage(
                        "there is no journal, so no upgrade to look after",
                        "use the journal that the upgrade was recorded in"));
    SinceUpgrade.Seen seen = new SinceUpgrade(session.settings(), session.ports(), journal).look();
    Version back = seen.back();
    if (!rollback || back == null) {
      return seen.result();
    }
    if (!session.confirm(seen.result().message() + ". Roll back to " + back)) {
      return seen.result();
    }
    try {
      return seen.rolledBack(
          session
              .engine()
              .carryOut(
                  session.planner(),
                  new Planner.Request(Plan.Kind.ROLLBACK, back, null, null, List.of())));
    } catch (DeployException.Blocked e) {
      return seen.notRolledBack(e);
    }
  }
}
