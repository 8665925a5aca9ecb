package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.ReleaseNote;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan as GitHub Flavored Markdown, for a pull request. Text from elsewhere cannot become markup,
 * nor mention anybody.
 */
final class PlanMarkdown {

  private static final String FENCE = "`".repeat(3);

  private final Plan plan;
  private final List<String> lines = new ArrayList<>();

  PlanMarkdown(Plan plan) {
    this.plan = plan;
  }

  String text() {
    lines.clear();
    lines.add("## Upgrade of " + text(plan.gateway()) + ": " + plan.from() + " → " + plan.to());
    lines.add("");
    lines.add("**" + verdict() + "**");
    lines.add("");
    gates();
    outlook(plan.outlook());
    changes();
    facts();
    return String.join("\n", lines);
  }

  private String verdict() {
    if (plan.arrived()) {
      return "Nothing to do: " + plan.to() + " runs already.";
    }
    if (plan.blocks().isEmpty()) {
      return "This upgrade may go on.";
    }
    return "Blocked by " + String.join(", ", plan.blocks().stream().map(Gate::name).toList()) + ".";
  }

  private void gates() {
    lines.add("| gate | | evidence |");
    lines.add("| --- | --- | --- |");
    for (Gate gate : plan.gates()) {
      String next = gate.next();
      lines.add(
          "| "
              + text(gate.name())
              + " | "
              + mark(gate)
              + " | "
              + text(gate.evidence())
              + (next == null ? "" : "<br>→ " + text(next))
              + " |");
    }
    lines.add("");
    for (Gate gate : plan.gates()) {
      if (!gate.details().isEmpty()) {
        folded(
            text(gate.name()) + ": what it rests on",
            gate.details().stream().map(detail -> "- " + text(detail)).toList());
      }
    }
  }

  private static String mark(Gate gate) {
    return switch (gate.result()) {
      case PASS -> "✅ pass";
      case WARN -> "⚠️ warn";
      case BLOCK -> "⛔ **block**";
    };
  }

  private void outlook(Outlook outlook) {
    section("Releases in between", outlook.releases().stream().map(PlanMarkdown::linked).toList());
    section(
        "Migrations",
        outlook.migrations().stream().map(m -> text(PlanWords.migration(m))).toList());
    section(
        "Variables",
        outlook.environment().stream()
            .map(variable -> text(PlanWords.variable(variable) + ", " + variable.origin()))
            .toList());
  }

  private void section(String title, List<String> items) {
    if (items.isEmpty()) {
      return;
    }
    lines.add("### " + title);
    lines.add("");
    items.forEach(item -> lines.add("- " + item));
    lines.add("");
  }

  private static String linked(ReleaseNote note) {
    String text = text(PlanWords.release(note));
    return note.url().matches("https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+")
        ? "[" + text + "](" + note.url() + ")"
        : text;
  }

  private void changes() {
    List<String> steps = new ArrayList<>();
    int number = 1;
    for (PlannedStep step : PlanWords.steps(plan)) {
      steps.add(number++ + ". " + step.phase().label() + ": " + text(step.description()));
    }
    folded("Steps", steps);
    for (ManifestEdit edit : plan.edits()) {
      lines.add(text(edit.file()) + ", line " + edit.line() + ":");
      lines.add("");
      lines.add(FENCE + "diff");
      lines.add("- " + unfenced(edit.before()));
      lines.add("+ " + unfenced(edit.after()));
      lines.add(FENCE);
      lines.add("");
    }
  }

  private void facts() {
    lines.add("| | |");
    lines.add("| --- | --- |");
    fact("where", plan.location());
    fact("database", plan.schema().summary());
    fact("interruption", plan.interruption());
    fact("going back", plan.rollbackRoute() + "; " + plan.rollbackData());
    fact("plan hash", plan.hash());
  }

  private void fact(String name, String value) {
    lines.add("| " + name + " | " + text(value) + " |");
  }

  private void folded(String summary, List<String> content) {
    lines.add("<details><summary>" + summary + "</summary>");
    lines.add("");
    lines.addAll(content);
    lines.add("");
    lines.add("</details>");
    lines.add("");
  }

  /** Text for a fenced block, which nothing but a fence could end. */
  private static String unfenced(String text) {
    return Output.clean(text).replace(FENCE, "''");
  }

  /** Text that stays text: what Markdown or HTML would read is escaped. */
  static String text(String text) {
    StringBuilder plain = new StringBuilder();
    for (char c : Output.clean(text).toCharArray()) {
      switch (c) {
        case '<' -> plain.append("&lt;");
        case '>' -> plain.append("&gt;");
        case '&' -> plain.append("&amp;");
        case '@' -> plain.append("&#64;");
        case '#' -> plain.append("&#35;");
        case '|', '*', '_', '`', '[', ']', '\\', '~' -> plain.append('\\').append(c);
        default -> plain.append(c);
      }
    }
    return plain.toString();
  }
}
