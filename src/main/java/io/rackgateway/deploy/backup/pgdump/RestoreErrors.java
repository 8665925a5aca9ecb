package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.time.Cancellation;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells errors of {@code pg_restore} from one that is none: from version 17 on it sets {@code
 * transaction_timeout}, which older servers do not know. With {@code --exit-on-error} it could
 * restore into none of them, so it is ended from here by its first true error. The other way round,
 * a right that could not be granted is only a warning to the server, and an error here: up to
 * PostgreSQL 14, the schema {@code public} belongs to whoever made the server, and not to the owner
 * of the database.
 */
final class RestoreErrors implements Consumer<String> {

  private static final int FIRST_WITH_TIMEOUT = 17;
  private static final String HARMLESS =
      "unrecognized configuration parameter \"transaction_timeout\"";

  private static final Pattern IGNORED = Pattern.compile("errors ignored on restore: (\\d{1,9})$");

  private static final Pattern UNGRANTED =
      Pattern.compile("(?:no|not all) privileges were granted for \"(?<what>.*)\"");

  private final boolean lenient;
  private final Cancellation stop;
  private int harmless;
  private boolean failed;
  private @Nullable String ungranted;

  /**
   * @param client major version of pg_restore
   * @param server major version of the server
   * @param stop requested on the first true error
   */
  RestoreErrors(int client, int server, Cancellation stop) {
    this.lenient = client >= FIRST_WITH_TIMEOUT && server < FIRST_WITH_TIMEOUT;
    this.stop = stop;
  }

  /** Whether pg_restore may go on after errors, for this to judge them. */
  boolean lenient() {
    return lenient;
  }

  @Override
  public synchronized void accept(String line) {
    Matcher rights = UNGRANTED.matcher(line);
    if (ungranted == null && rights.find()) {
      ungranted = rights.group("what");
    }
    if (!lenient || !line.contains("error: ")) {
      return;
    }
    if (line.contains(HARMLESS)) {
      harmless++;
    } else {
      failed = true;
      stop.request("pg_restore failed");
    }
  }

  /** What rights could not be granted on, by its name, if there is such a thing. */
  synchronized Optional<String> ungranted() {
    return Optional.ofNullable(ungranted);
  }

  /** Whether all was restored. Each error that pg_restore counts it has told before. */
  synchronized boolean succeeded(CommandResult result) {
    if (!lenient || failed) {
      return result.succeeded();
    }
    Matcher ignored = IGNORED.matcher(result.reason());
    return result.succeeded() || (ignored.find() && Integer.parseInt(ignored.group(1)) <= harmless);
  }
}
