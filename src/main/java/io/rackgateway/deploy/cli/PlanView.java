package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import java.util.List;
import java.util.stream.Collectors;

/** A plan on one screen; with details, everything that it rests on. */
final class PlanView {

  private static final int MOST_NAMED = 8;
  private static final int MOST_DETAILS = 3;

  private final Output output;
  private final Style style;
  private final boolean detailed;

  PlanView(Output output, Style style, boolean detailed) {
    this.output = output;
    this.style = style;
    this.detailed = detailed;
  }

  void print(Plan plan) {
    line(style.bold("Plan: " + plan.gateway() + " " + plan.from() + " → " + plan.to()));
    line("  " + Output.clean(plan.location()) + ", " + instances(plan));
    line("");
    line("Gates");
    plan.gates().forEach(this::gate);
    outlook(plan.outlook());
    line("");
    steps(plan);
    edits(plan);
    line("");
    line("Database      " + plan.schema().summary());
    line("Interruption  " + plan.interruption());
    line("Going back    " + plan.rollbackRoute());
    line("              " + plan.rollbackData());
    line("Plan hash     " + plan.hash());
    line("");
    end(plan);
  }

  private static String instances(Plan plan) {
    int count = plan.instances().size();
    return count == 1 ? "1 instance" : count + " instances";
  }

  private void gate(Gate gate) {
    line("  " + label(gate) + " " + gate.name() + ": " + Output.clean(gate.evidence()));
    if (detailed || gate.result() == Gate.Result.BLOCK) {
      int all = gate.details().size();
      int shown = detailed ? all : Math.min(MOST_DETAILS, all);
      gate.details().subList(0, shown).forEach(d -> line("          " + Output.clean(d)));
      if (shown < all) {
        line("          … " + (all - shown) + " more with --verbose");
      }
    }
    String next = gate.next();
    if (next != null) {
      line("        → " + Output.clean(next));
    }
  }

  private void outlook(Outlook outlook) {
    if (outlook.equals(Outlook.NONE)) {
      return;
    }
    line("");
    line("On the way");
    named("releases", outlook.releases().stream().map(PlanWords::release).toList());
    named("variables", outlook.environment().stream().map(PlanWords::variable).toList());
    named("migrations", outlook.migrations().stream().map(PlanWords::migration).toList());
    if (outlook.image() != null) {
      named("image", List.of(outlook.image().reference() + " " + outlook.image().digest()));
    }
  }

  private void named(String what, List<String> texts) {
    if (texts.isEmpty()) {
      return;
    }
    int shown = detailed ? texts.size() : Math.min(MOST_NAMED, texts.size());
    line(
        String.format("  %-11s ", what)
            + texts.subList(0, shown).stream().map(Output::clean).collect(Collectors.joining(", "))
            + (shown < texts.size() ? ", … " + (texts.size() - shown) + " more" : ""));
  }

  private void steps(Plan plan) {
    line("Steps");
    int number = 0;
    for (PlannedStep step : PlanWords.steps(plan)) {
      number++;
      line(
          String.format("  %2d. %-8s ", number, step.phase().label())
              + Output.clean(step.description()));
    }
  }

  private void edits(Plan plan) {
    if (plan.edits().isEmpty()) {
      return;
    }
    line("");
    line("Changes");
    for (ManifestEdit edit : plan.edits()) {
      line("  " + edit.file() + ":" + edit.line());
      line(style.bad("    - " + Output.clean(edit.before())));
      line(style.good("    + " + Output.clean(edit.after())));
    }
  }

  private void end(Plan plan) {
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
