package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.engine.Engine;
import io.rackgateway.deploy.engine.Planner;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "upgrade",
    description = {
      "Upgrades the gateway: backup, prepare, migrate, roll out, verify.",
      "Brings the old version back when anything fails."
    })
final class UpgradeCommand extends AppCommand {

  @Mixin TargetOptions target = new TargetOptions();

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "Carries out exactly this plan, or refuses when the world has drifted from it.")
  @Nullable Path planFile;

  @Mixin BakeOption bake = new BakeOption();

  @Option(
      names = "--no-bake",
      description = "Does not watch the new version, whatever the configuration says.")
  boolean noBake;

  UpgradeCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "upgrade";
  }

  @Override
  boolean beginsRuns() {
    return true;
  }

  @Override
  void override(Map<String, String> configuration) {
    if (noBake && bake.given()) {
      throw new DeployException.Usage(
          "--bake and --no-bake exclude each other", "give one of them, or none");
    }
    bake.override(configuration);
  }

  @Override
  ExitCode run(Session session) {
    if (noBake) {
      session.withoutBake();
    }
    Path file = planFile;
    if ((file == null) != target.given()) {
      throw new DeployException.Usage(
          file == null ? "neither --to nor --plan was given" : "--to and --plan exclude each other",
          "say where to go with --to v1.2.0, or give an approved plan with --plan FILE");
    }
    Plan approved = file == null ? null : read(session, file);
    Planner.Request request = approved == null ? target.upgrade(session) : null;
    if (!session.confirm("upgrade '" + session.gatewayName() + "'")) {
      throw new DeployException.Cancelled("not confirmed");
    }
    Planner planner = session.planner();
    Engine engine = session.engine();
    return session.tell(
        approved == null
            ? engine.carryOut(planner, Objects.requireNonNull(request))
            : engine.carryOut(planner, approved, target.accepted()));
  }

  private static Plan read(Session session, Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the plan " + file + " cannot be read: " + IoFailure.describe(e),
          "make one with 'plan --to V --out FILE'");
    }
    Plan plan = parse(session, text, file);
    if (!plan.gateway().equals(session.gatewayName())) {
      throw new DeployException.Usage(
          "the plan "
              + file
              + " is for gateway '"
              + plan.gateway()
              + "', the configuration for '"
              + session.gatewayName()
              + "'",
          "give the plan and the configuration of the same gateway");
    }
    return plan;
  }

  private static Plan parse(Session session, String text, Path file) {
    try {
      return session.json().readPlan(text, file.toString());
    } catch (DeployException.Usage e) {
      throw new DeployException.Usage(
          new Problem(
              e.problem().summary(),
              "make a new one with 'plan --to V --out FILE' and have it approved",
              e.problem().details()));
    }
  }
}
