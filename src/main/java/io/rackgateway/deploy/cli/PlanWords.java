package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.EnvironmentVariable;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.ReleaseNote;
import java.util.ArrayList;
import java.util.List;

/** What the parts of a plan are called wherever one is shown. */
final class PlanWords {

  private PlanWords() {}

  /** What a run does, in order: the plan's steps and, where it belongs, the verification. */
  static List<PlannedStep> steps(Plan plan) {
    List<PlannedStep> steps = new ArrayList<>(plan.steps());
    long bakes = steps.stream().filter(step -> step.phase() == Phase.BAKE).count();
    steps.add(
        steps.size() - (int) bakes,
        new PlannedStep(Phase.VERIFY, "verify", "run all checks against " + plan.to()));
    return steps;
  }

  /** {@code v1.2.0 (breaking, security)}. */
  static String release(ReleaseNote note) {
    return note.version() + kinds(note.findings().stream().map(f -> f.kind().label()).toList());
  }

  /** {@code DOMAIN (not set)}. */
  static String variable(EnvironmentVariable variable) {
    return variable.name() + (variable.set() ? " (set)" : " (not set)");
  }

  /** {@code 20250301000000_drop_tokens.sql (breaks-old-version)}. */
  static String migration(PendingMigration migration) {
    String file = migration.file();
    return file.substring(file.lastIndexOf('/') + 1)
        + kinds(migration.findings().stream().map(f -> f.kind().label()).toList());
  }

  private static String kinds(List<String> labels) {
    return labels.isEmpty()
        ? ""
        : " (" + String.join(", ", labels.stream().distinct().toList()) + ")";
  }
}
