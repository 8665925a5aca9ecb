package io.rackgateway.deploy.verify.platform;

import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The gateway has logged no errors since it was rolled out. Its audit records, which stand among
 * its log lines, may speak of errors without being any; requests that it answered with a server
 * error are a warning.
 */
public final class LogsCheck implements CheckRunner {

  private static final int QUOTED = 300;

  /** More of a line than anybody matches on; keeps a bad expression from taking forever. */
  private static final int EXAMINED = 4_000;

  private final DeployDriver driver;
  private final Pattern errors;
  private final List<Pattern> allowed;

  /**
   * @throws DeployException.Usage if a regular expression of the configuration is none
   */
  public LogsCheck(DeployDriver driver, VerifyConfig config) {
    this.driver = driver;
    this.errors = compile("verify.logErrors", config.logErrors());
    this.allowed =
        config.logAllow().stream().map(text -> compile("verify.logAllow", text)).toList();
  }

  private static Pattern compile(String key, String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new DeployException.Usage(
          key + " is not a regular expression: '" + expression + "': " + e.getDescription(),
          "correct it, or leave it out");
    }
  }

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public Finding run(Expectation expectation) {
    List<String> lines = driver.logs(expectation.since());
    if (lines.isEmpty()) {
      return Finding.skipped("there are no log lines since " + expectation.since());
    }
    List<String> bad = new ArrayList<>();
    List<String> serverErrors = new ArrayList<>();
    for (String line : lines) {
      Optional<AuditRecord> audit = AuditRecord.find(line);
      if (audit.isEmpty()) {
        if (isError(line)) {
          bad.add(line);
        }
      } else if (audit.get().serverError() && !isAllowed(line)) {
        serverErrors.add(line);
      }
    }
    if (!bad.isEmpty()) {
      return Finding.fail(count(bad.size(), "error") + " in the log, the first: " + quote(bad));
    }
    return serverErrors.isEmpty()
        ? Finding.pass("no errors in " + count(lines.size(), "log line"))
        : Finding.warn(
            count(serverErrors.size(), "request")
                + " answered with a server error, the first: "
                + quote(serverErrors));
  }

  private boolean isError(String line) {
    return errors.matcher(examined(line)).find() && !isAllowed(line);
  }

  private boolean isAllowed(String line) {
    return allowed.stream().anyMatch(pattern -> pattern.matcher(examined(line)).find());
  }

  private static String examined(String line) {
    return line.length() > EXAMINED ? line.substring(0, EXAMINED) : line;
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String quote(List<String> lines) {
    String line = lines.get(0).strip();
    return "'" + (line.length() > QUOTED ? line.substring(0, QUOTED) + "…" : line) + "'";
  }
}
