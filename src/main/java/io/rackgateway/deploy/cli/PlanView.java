package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import java.util.List;

/** A plan on one screen. */
final class PlanView {

  private final Output output;
  private final Style style;

  PlanView(Output output, Style style) {
    this.output = output;
    this.style = style;
  }

  void print(Plan plan) {
    line(style.bold("Plan: " + plan.gateway() + " " + plan.from() + " → " + plan.to()));
    line("  " + Output.clean(plan.location()) + ", " + plan.instances().size() + " instances");
    line("");
    line("Gates");
    for (Gate gate : plan.gates()) {
      line("  " + label(gate) + " " + gate.name() + ": " + Output.clean(gate.evidence()));
      String next = gate.next();
      if (next != null) {
        line("        → " + Output.clean(next));
      }
    }
    line("");
    line("Steps");
    int number = 0;
    for (PlannedStep step : plan.steps()) {
      number++;
      line(
          String.format("  %2d. %-8s ", number, step.phase().label())
              + Output.clean(step.description()));
    }
    line(String.format("  %2d. %-8s run all checks against %s", number + 1, "verify", plan.to()));
    if (!plan.edits().isEmpty()) {
      line("");
      line("Changes");
      for (ManifestEdit edit : plan.edits()) {
        line("  " + edit.file() + ":" + edit.line());
        line(style.bad("    - " + Output.clean(edit.before())));
        line(style.good("    + " + Output.clean(edit.after())));
      }
    }
    line("");
    line("Database      " + plan.schema().summary());
    line("Interruption  " + plan.interruption());
    line("Going back    " + plan.rollbackRoute());
    line("Plan hash     " + plan.hash());
    line("");
    List<Gate> blocks = plan.blocks();
    if (plan.arrived()) {
      line("Nothing to do: " + plan.to() + " runs already.");
    } else if (blocks.isEmpty()) {
      line(style.good("This upgrade may go on.") + " Nothing was changed.");
    } else {
      line(
          style.bad("Blocked by: " + blocks.stream().map(Gate::name).toList())
              + " Nothing was changed.");
    }
  }

  private String label(Gate gate) {
    String text = String.format("%-5s", gate.result().label());
    return switch (gate.result()) {
      case PASS -> style.good(text);
      case WARN -> style.warning(text);
      case BLOCK -> style.bad(text);
    };
  }

  private void line(String text) {
    output.line(text);
  }
}
