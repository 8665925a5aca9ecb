package io.rackgateway.deploy.diagnose.folder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The one page that a person reads, in Markdown: first what is wrong, then what that rests on. */
final class Page {

  static final String FILE = "index.md";

  private static final int EXCERPT = 60;

  /** What is told in its own file alone. */
  private static final Set<String> LONG = Set.of("logs", "configuration");

  private Page() {}

  static String write(
      String gateway, Instant at, String guess, List<String> findings, List<Answer> answers) {
    List<String> page = new ArrayList<>();
    page.add("# Diagnosis of '" + gateway + "', " + at);
    page.add("");
    page.add("**" + inline(guess) + "**");
    page.add("");
    if (findings.size() > 1) {
      page.add("What seems wrong, the likeliest cause first:");
      page.add("");
      findings.forEach(finding -> page.add("- " + inline(finding)));
      page.add("");
    }
    List<Answer> missing = answers.stream().filter(answer -> answer.problem() != null).toList();
    if (!missing.isEmpty()) {
      page.add("What could not be found out:");
      page.add("");
      missing.forEach(
          answer -> page.add("- " + answer.title() + ": " + inline(answer.problem() + "")));
      page.add("");
    }
    page.add(
        "Secrets are masked as `****`: those that were known, and what looks like one. Variables"
            + " are listed by name only.");
    for (Answer answer : answers) {
      if (answer.problem() == null) {
        page.add("");
        section(answer, page);
      }
    }
    return String.join("\n", page) + "\n";
  }

  private static void section(Answer answer, List<String> page) {
    page.add("## " + answer.title());
    page.add("");
    String file = answer.name() + ".txt";
    List<String> lines = Arrays.asList(answer.text().split("\n", -1));
    boolean whole = lines.size() <= EXCERPT;
    if (LONG.contains(answer.name())) {
      page.add("[" + file + "](" + file + "), " + lines.size() + " lines.");
      return;
    }
    String fence = fence(answer.text());
    page.add(fence);
    page.addAll(whole ? lines : lines.subList(0, EXCERPT));
    page.add(fence);
    if (!whole) {
      page.add("");
      page.add("All " + lines.size() + " lines are in [" + file + "](" + file + ").");
    }
  }

  /** Longer than any fence in the text, which cannot end it then. */
  private static String fence(String text) {
    String fence = "```";
    while (text.contains(fence)) {
      fence += "`";
    }
    return fence;
  }

  /** Text that was written elsewhere stays text. */
  private static String inline(String text) {
    return text.replaceAll("\\R", " ").replaceAll("([\\\\`\\[\\]<>*])", "\\\\$1");
  }
}
