package io.rackgateway.deploy.notice;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.rackgateway.deploy.config.NotifyConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.net.NetworkFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One item of {@code notify}. What goes wrong is told by the item's place in the configuration and
 * never by its address, which is a secret.
 */
final class Webhook {

  static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int RETRIES = 2;
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);

  /** Who asks for more patience than this is not asked again. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

  private final String name;
  private final NotifyConfig config;
  private final OkHttpClient http;
  private final NoticeJson json;

  Webhook(String name, NotifyConfig config, OkHttpClient http, NoticeJson json) {
    this.name = name;
    this.config = config;
    this.http =
        http.newBuilder()
            .callTimeout(TIMEOUT)
            // What is signed for one address is not for another.
            .followRedirects(false)
            .followSslRedirects(false)
            .build();
    this.json = json;
  }

  /** {@code notify[1]}. */
  String name() {
    return name;
  }

  boolean wants(NotifyConfig.On about) {
    return config.on().contains(about);
  }

  /** How an attempt ended. */
  private record Attempt(int status, @Nullable Duration retryAfter) {
    boolean taken() {
      return status >= 200 && status < 300;
    }

    boolean worthAnotherTry() {
      boolean busy = status == 429 || status >= 500;
      Duration wait = retryAfter;
      return busy && (wait == null || wait.compareTo(LONGEST_WAIT) <= 0);
    }
  }

  /**
   * Delivers a notice, with up to two more attempts where the server is busy or cannot be reached.
   *
   * @return why it could not be delivered; null when it was
   */
  @Nullable String deliver(Notice notice) {
    HttpUrl url = HttpUrl.parse(config.url().value());
    if (url == null) {
      return "its url is not an http or https address";
    }
    Request request = request(url, notice);
    try {
      Attempt last = Failsafe.with(policy()).get(() -> send(request));
      return last.taken() ? null : "the server answered with status " + last.status();
    } catch (FailsafeException e) {
      return e.getCause() instanceof IOException failure
          ? NetworkFailure.describe(failure, TIMEOUT)
          : "it was not waited for any longer";
    }
  }

  private static RetryPolicy<Attempt> policy() {
    return RetryPolicy.<Attempt>builder()
        .handleIf(
            failure ->
                failure instanceof IOException && !(failure instanceof InterruptedIOException))
        .handleResultIf(attempt -> attempt != null && attempt.worthAnotherTry())
        .withDelayFn(
            context -> {
              Attempt last = context.getLastResult();
              Duration asked = last == null ? null : last.retryAfter();
              return asked == null
                  ? FIRST_WAIT.multipliedBy(1L << (context.getAttemptCount() - 1))
                  : asked;
            })
        .withMaxRetries(RETRIES)
        .build();
  }

  private Request request(HttpUrl url, Notice notice) {
    String body = json.write(notice, config.format());
    Request.Builder request =
        new Request.Builder()
            .url(url)
            .header("User-Agent", "rack-gateway-deploy")
            .header("X-Rack-Gateway-Notice", notice.about().name().toLowerCase(Locale.ROOT))
            // The same in each attempt, so that the receiver can tell a second one of them.
            .header("X-Rack-Gateway-Delivery", UUID.randomUUID().toString())
            .post(RequestBody.create(body, JSON));
    Secret secret = config.secret();
    if (secret != null) {
      request.header(Signature.HEADER, Signature.of(body, secret.value()));
    }
    return request.build();
  }

  private Attempt send(Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      return new Attempt(response.code(), retryAfter(response));
    }
  }

  /** In seconds; the other form, a date, is left to the usual wait. */
  private static @Nullable Duration retryAfter(Response response) {
    String value = response.header("Retry-After");
    return value != null && value.matches("\\d{1,6}")
        ? Duration.ofSeconds(Long.parseLong(value))
        : null;
  }
}
