package io.rackgateway.deploy.registry;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import okhttp3.Challenge;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A server's complete answer.
 *
 * @param url what gave it, after redirects
 * @param challenges how the server wants to be asked instead, of a 401
 */
record HttpAnswer(
    HttpUrl url, int code, Headers headers, List<Challenge> challenges, ByteString body) {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  boolean ok() {
    return code == 200;
  }

  boolean isRedirect() {
    return REDIRECTS.contains(code) && headers.get("Location") != null;
  }

  /** Whether it is a page for people, such as that of a proxy or a log-in, and not an answer. */
  boolean isWebPage() {
    String type = headers.get("Content-Type");
    return (type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html"))
        || body.utf8().stripLeading().startsWith("<");
  }

  /** {@code Retry-After}, in either form that RFC 9110 (10.2.3) allows; never negative. */
  Optional<Duration> retryAfter(Clock clock) {
    String value = headers.get("Retry-After");
    return value == null ? Optional.empty() : Optional.ofNullable(wait(value.strip(), clock));
  }

  private static @Nullable Duration wait(String value, Clock clock) {
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      ZonedDateTime when = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration left = Duration.between(clock.instant(), when.toInstant());
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
