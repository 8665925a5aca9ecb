package io.rackgateway.deploy.verify.platform;

import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a log, line by line, for errors as {@code verify.logErrors} and {@code
 * verify.logAllow} define them, and counts them by {@linkplain ErrorSignature signature}. The
 * gateway's audit records, which stand among its lines, may speak of errors without being any;
 * those of requests that it answered with a server error are counted apart.
 *
 * <p>What it keeps is bounded, however long the log is. It takes one line at a time: not
 * thread-safe.
 */
public final class LogScan implements LogReader {

  /** What errors are counted under once there are too many different ones. */
  public static final String OTHERS = "(errors of further kinds)";

  private static final int SIGNATURES = 200;
  private static final int EXCERPTS = 20;

  private final ErrorPattern errors;
  private final List<ErrorPattern> allowed;
  private final Map<String, ErrorTally> tallies = new LinkedHashMap<>();
  private final Map<String, InstanceTail> tails = new HashMap<>();
  private long lines;
  private long serverErrors;
  private @Nullable String firstServerError;

  /**
   * @throws DeployException.Usage if a regular expression of the configuration is none
   */
  public LogScan(VerifyConfig config) {
    this.errors = new ErrorPattern("verify.logErrors", config.logErrors());
    this.allowed =
        config.logAllow().stream().map(text -> new ErrorPattern("verify.logAllow", text)).toList();
  }

  @Override
  public void line(String instance, @Nullable Instant at, String text) {
    lines++;
    InstanceTail tail = tails.computeIfAbsent(instance, name -> new InstanceTail());
    ErrorTally begun = null;
    if (errors.find(text)) {
      Optional<AuditRecord> audit = AuditRecord.find(text);
      if (audit.isPresent()) {
        countRequest(audit.get(), text);
      } else if (!isAllowed(text)) {
        begun = countError(instance, tail, text);
      }
    } else if (AuditRecord.mayTellServerError(text)) {
      AuditRecord.find(text).ifPresent(record -> countRequest(record, text));
    }
    tail.pass(text);
    if (begun != null) {
      tail.await(begun);
    }
  }

  private void countRequest(AuditRecord record, String text) {
    if (record.serverError() && !isAllowed(text)) {
      serverErrors++;
      if (firstServerError == null) {
        firstServerError = InstanceTail.cut(text);
      }
    }
  }

  private @Nullable ErrorTally countError(String instance, InstanceTail tail, String text) {
    String signature = ErrorSignature.of(text);
    ErrorTally tally = tallies.get(signature);
    if (tally != null) {
      tally.count(instance);
      return null;
    }
    boolean room = tallies.size() < SIGNATURES;
    ErrorTally counted = tallies.computeIfAbsent(room ? signature : OTHERS, ErrorTally::new);
    counted.count(instance);
    if (!room || tallies.size() > EXCERPTS) {
      return null;
    }
    counted.begin(tail.lines(), InstanceTail.cut(text));
    return counted;
  }

  private boolean isAllowed(String line) {
    for (ErrorPattern pattern : allowed) {
      if (pattern.find(line)) {
        return true;
      }
    }
    return false;
  }

  /** How many lines there were. */
  public long lines() {
    return lines;
  }

  /** The errors, in the order in which the first of each was logged. */
  public List<LoggedError> errors() {
    return tallies.values().stream().map(ErrorTally::told).toList();
  }

  /** How often the errors of each signature were logged. */
  public Map<String, Integer> signatures() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    tallies.forEach(
        (signature, tally) ->
            counts.put(signature, (int) Math.min(tally.times(), Integer.MAX_VALUE)));
    return counts;
  }

  /** How many requests were answered with a status of 500 or more. */
  public long serverErrors() {
    return serverErrors;
  }

  /** The audit record of the first such request, cut. */
  public Optional<String> firstServerError() {
    return Optional.ofNullable(firstServerError);
  }
}
