package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.LogExcerpt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The guide's "check startup logs": filtered as it filters them, and whole. */
final class LogParts {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LINES = 500;

  /** As {@code grep -i "start\|error"}. */
  private static final Pattern START = Pattern.compile("start|error", Pattern.CASE_INSENSITIVE);

  private final Supplier<DeployDriver> driver;
  private final ErrorLines errors;
  private final Findings findings;
  private @Nullable List<LogExcerpt> read;

  LogParts(Supplier<DeployDriver> driver, ErrorLines errors, Findings findings) {
    this.driver = driver;
    this.errors = errors;
    this.findings = findings;
  }

  List<Part> all() {
    return List.of(
        new Part("logs-start", "Log lines that mention a start or an error", LIMIT, this::filtered),
        new Part("logs", "Logs", LIMIT, this::whole));
  }

  /** Read once for both. */
  private synchronized List<LogExcerpt> excerpts() {
    List<LogExcerpt> excerpts = read;
    if (excerpts == null) {
      excerpts = driver.get().startLogs(LINES);
      read = excerpts;
    }
    return excerpts;
  }

  private String filtered() {
    List<String> text = new ArrayList<>();
    text.add(
        "of the first and the last "
            + LINES
            + " lines of each instance, as grep -i 'start\\|error'");
    for (LogExcerpt excerpt : excerpts()) {
      text.add("");
      text.add("== " + excerpt.instance());
      all(excerpt).filter(line -> START.matcher(line).find()).distinct().forEach(text::add);
    }
    return String.join("\n", text);
  }

  private String whole() {
    List<String> text = new ArrayList<>();
    for (LogExcerpt excerpt : excerpts()) {
      errors
          .telling(all(excerpt).toList())
          .ifPresent(
              line ->
                  findings.add(
                      Findings.Rank.SURROUNDINGS,
                      "the log of " + excerpt.instance() + ": " + line));
      if (excerpt.last().isEmpty()) {
        text.add(
            "== "
                + excerpt.instance()
                + ": all "
                + excerpt.first().size()
                + " lines since its start");
        text.addAll(excerpt.first());
      } else {
        text.add("== " + excerpt.instance() + ": the first " + LINES + " lines since its start");
        text.addAll(excerpt.first());
        text.add("== " + excerpt.instance() + ": the last " + LINES + " lines");
        text.addAll(excerpt.last());
      }
      text.add("");
    }
    return text.isEmpty() ? "there is no log" : String.join("\n", text);
  }

  private static Stream<String> all(LogExcerpt excerpt) {
    return Stream.concat(excerpt.first().stream(), excerpt.last().stream());
  }
}
