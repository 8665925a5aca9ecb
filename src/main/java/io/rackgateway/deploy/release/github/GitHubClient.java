package io.rackgateway.deploy.release.github;

import io.rackgateway.deploy.config.GitHubConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.net.LinkHeader;
import io.rackgateway.deploy.release.source.Malformed;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Asks GitHub's REST API one thing at a time: conditionally where an answer is kept, again where
 * that may help, and never for longer than a time for all attempts together.
 */
final class GitHubClient {

  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** So long for one question, whatever happens. */
  static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final String API_VERSION = "2022-11-28";
  private static final Duration LONGEST_WISH = Duration.ofSeconds(10);
  private static final List<Duration> BACKOFF =
      List.of(Duration.ofMillis(200), Duration.ofMillis(800));

  private final OkHttpClient http;
  private final HttpUrl api;
  private final @Nullable Secret token;
  private final AnswerCache cache;
  private final Waits waits;
  private final StatusRefusal statuses;
  private final Duration timeout;

  GitHubClient(
      GitHubConfig config, OkHttpClient http, AnswerCache cache, Waits waits, Duration timeout) {
    this.http =
        http.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .followRedirects(true)
            // From https to http nothing is followed, and the other way is one's own mistake.
            .followSslRedirects(false)
            .build();
    this.api = HttpUrl.get(config.url().toString());
    this.token = config.token();
    this.cache = cache;
    this.waits = waits;
    this.statuses = new StatusRefusal(waits.clock(), token != null);
    this.timeout = timeout;
  }

  /**
   * Asks.
   *
   * @throws DeployException.Blocked if there is no answer; one that is kept is not used instead
   * @throws DeployException.Cancelled if the run is asked to stop
   */
  KeptAnswer ask(Question question) {
    Optional<KeptAnswer> kept = cache.find(question.key(token != null));
    long end = System.nanoTime() + timeout.toNanos();
    int repeats = 0;
    boolean granted = false;
    for (int attempts = 1; ; attempts++) {
      Outcome outcome = attempt(question, kept, end - System.nanoTime());
      if (outcome instanceof KeptAnswer answer) {
        return answer;
      }
      Refused refused = (Refused) outcome;
      Duration pause = null;
      Duration wish = refused.after();
      if (wish != null && !granted && wish.compareTo(LONGEST_WISH) <= 0) {
        pause = wish;
        granted = true;
      } else if (refused.again() && repeats < BACKOFF.size()) {
        pause = BACKOFF.get(repeats);
        repeats++;
      }
      if (pause == null || pause.toNanos() >= end - System.nanoTime()) {
        throw blocked(refused, kept, attempts);
      }
      waits.pause("another attempt to read " + question.what(), pause);
    }
  }

  private Outcome attempt(Question question, Optional<KeptAnswer> kept, long nanos) {
    waits.cancellation().throwIfPending();
    LastServer server = new LastServer(question.url());
    Call call = http.newBuilder().eventListener(server).build().newCall(request(question, kept));
    // Zero would be no limit.
    call.timeout().timeout(Math.max(1, nanos), TimeUnit.NANOSECONDS);
    Cancellation.Registration registration = waits.cancellation().onRequest(call::cancel);
    try (Response response = call.execute()) {
      return outcome(question, kept, response);
    } catch (Malformed e) {
      return Refused.lasting(
          question.what() + ": what " + server.name() + " answered " + e.problem(),
          "try again later, or " + Refused.OFFLINE);
    } catch (IOException e) {
      waits.cancellation().throwIfPending();
      return ConnectionRefusal.of(e, server.name(), timeout);
    } finally {
      registration.close();
    }
  }

  private Request request(Question question, Optional<KeptAnswer> kept) {
    Request.Builder request =
        new Request.Builder()
            .url(question.url())
            .header("Accept", "application/vnd.github+json")
            .header("X-GitHub-Api-Version", API_VERSION)
            .header("User-Agent", "rack-gateway-deploy");
    if (question.compressed()) {
      // Or else a server may take the archive's compression for the transfer's.
      request.header("Accept-Encoding", "identity");
    }
    // Redirects to another host lose it; that is okhttp's rule.
    if (token != null && isApi(question.url())) {
      request.header("Authorization", "Bearer " + token.value());
    }
    kept.ifPresent(answer -> answer.ask(request));
    return request.build();
  }

  /** Whether an address belongs to the API, so that it may see the token. */
  boolean isApi(HttpUrl url) {
    return url.scheme().equals(api.scheme())
        && url.host().equals(api.host())
        && url.port() == api.port();
  }

  private Outcome outcome(Question question, Optional<KeptAnswer> kept, Response response)
      throws IOException {
    String key = question.key(token != null);
    if (response.code() == HttpURLConnection.HTTP_NOT_MODIFIED && kept.isPresent()) {
      cache.confirm(key);
      return kept.get();
    }
    if (response.code() != HttpURLConnection.HTTP_OK) {
      return statuses.of(response, question);
    }
    if (response.header("Content-Type", "").contains("html")) {
      return Refused.lasting(
          LastServer.name(response.request().url())
              + " answered with a web page instead of "
              + question.what()
              + ": something else than GitHub answers, such as the login page of a proxy",
          "let this machine reach " + LastServer.name(api) + ", or " + Refused.OFFLINE);
    }
    KeptAnswer answer =
        new KeptAnswer(
            response.header("ETag"),
            response.header("Last-Modified"),
            LinkHeader.next(response.headers("Link")).orElse(null),
            question.reader().read(response.body().byteStream()),
            waits.clock().instant());
    cache.keep(key, answer);
    return answer;
  }

  private DeployException.Blocked blocked(
      Refused refused, Optional<KeptAnswer> kept, int attempts) {
    String tries = attempts > 1 ? " (" + attempts + " attempts)" : "";
    String stale =
        kept.filter(answer -> refused.passing())
            .map(answer -> Duration.between(answer.confirmed(), waits.clock().instant()))
            .map(
                age ->
                    "; what was read "
                        + Ages.of(age)
                        + " ago is not used, since something newer could be missing in it")
            .orElse("");
    return new DeployException.Blocked(
        Problem.of(refused.summary() + tries + stale, refused.next()));
  }
}
