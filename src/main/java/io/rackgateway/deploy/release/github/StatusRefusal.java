package io.rackgateway.deploy.release.github;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.text.PlainText;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Puts statuses other than success into words, as GitHub's REST API documents them ("Rate limits
 * for the REST API", "Troubleshooting the REST API").
 */
final class StatusRefusal {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_ERROR_BODY = 64 << 10;
  private static final int LONGEST_QUOTE = 160;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Clock clock;
  private final boolean token;

  StatusRefusal(Clock clock, boolean token) {
    this.clock = clock;
    this.token = token;
  }

  Refused of(Response response, Question question) {
    String host = LastServer.name(response.request().url());
    int status = response.code();
    if (status >= 500) {
      return Refused.forNow(host + " answered " + status(response));
    }
    return switch (status) {
      case 301, 302, 303, 307, 308 -> redirect(response, host);
      case 401 -> unauthorized(response, host);
      case 403, 429 -> forbidden(response, host, question);
      case 404, 410, 451 -> question.notFound();
      default ->
          Refused.lasting(
              host + " answered " + status(response) + " for " + question.what(),
              "correct releases.github, or " + Refused.OFFLINE);
    };
  }

  private Refused redirect(Response response, String host) {
    String place = PlainText.line(response.header("Location", "nowhere"), LONGEST_QUOTE);
    return Refused.lasting(
        host + " sends to " + place.replaceFirst("\\?.*", "") + ", which is not followed",
        "let releases.github.url be the address that answers itself");
  }

  private Refused unauthorized(Response response, String host) {
    return token
        ? Refused.lasting(
            host + " refused the token in releases.github.token: " + status(response),
            "renew the token, or leave it out for a public repository")
        : Refused.lasting(
            host + " wants a token: " + status(response), "set releases.github.token");
  }

  private Refused forbidden(Response response, String host, Question question) {
    String message = message(response);
    Duration after = seconds(response.header("Retry-After"));
    if ("0".equals(response.header("X-RateLimit-Remaining")) && after == null) {
      return primary(response, host);
    }
    if (after != null || message.toLowerCase(Locale.ROOT).contains("rate limit")) {
      String wish = after == null ? "a while" : after.toSeconds() + " s";
      return Refused.until(
          host + " limits how fast it may be asked, and wants to be left alone for " + wish,
          "try again then, or " + Refused.OFFLINE,
          after);
    }
    if (response.code() == 429) {
      return Refused.until(
          host + " limits how fast it may be asked: " + status(response),
          "try again later, or " + Refused.OFFLINE,
          null);
    }
    return Refused.lasting(
        host
            + " does not permit reading "
            + question.what()
            + ": "
            + status(response)
            + (message.isEmpty() ? "" : ", " + message),
        token
            ? "let the token in releases.github.token read the repository's contents"
            : "set releases.github.token, if the repository wants one; a firewall or proxy may also"
                + " have answered");
  }

  private Refused primary(Response response, String host) {
    Instant reset = reset(response.header("X-RateLimit-Reset"));
    String until = reset == null ? "" : " until " + TIME.format(reset) + in(reset);
    String limit = response.header("X-RateLimit-Limit");
    String calls =
        limit == null || !limit.matches("\\d{1,9}") ? "" : " of " + limit + " calls an hour";
    return Refused.until(
        host + "'s limit" + calls + " is used up" + until,
        (token ? "wait" : "set releases.github.token, which allows more calls")
            + ", or "
            + Refused.OFFLINE,
        null);
  }

  private String in(Instant reset) {
    long seconds = Duration.between(clock.instant(), reset).toSeconds();
    return seconds <= 0 ? "" : ", in " + Ages.of(Duration.ofSeconds(seconds));
  }

  private static @Nullable Instant reset(@Nullable String header) {
    try {
      return header == null ? null : Instant.ofEpochSecond(Long.parseLong(header));
    } catch (NumberFormatException | DateTimeException e) {
      return null;
    }
  }

  /** GitHub always sends seconds there, never a date. */
  private static @Nullable Duration seconds(@Nullable String header) {
    return header == null || !header.matches("\\d{1,9}")
        ? null
        : Duration.ofSeconds(Long.parseLong(header));
  }

  private static String status(Response response) {
    String reason = PlainText.line(response.message(), 40);
    return "status " + response.code() + (reason.isEmpty() ? "" : " " + reason);
  }

  private static String message(Response response) {
    try {
      String body = response.peekBody(LONGEST_ERROR_BODY).string();
      return PlainText.line(JSON.readTree(body).path("message").asText(""), LONGEST_QUOTE);
    } catch (IOException e) {
      // No JSON, or it broke off: the status has to do.
      return "";
    }
  }
}
