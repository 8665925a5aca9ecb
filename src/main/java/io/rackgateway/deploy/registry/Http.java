package io.rackgateway.deploy.registry;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.net.NetworkFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Requests with bounded time and size. A server that is overloaded is asked again, twice at most;
 * redirects are followed without credentials to another origin, and never from TLS to plain HTTP;
 * an interrupt ends the request at once.
 */
final class Http {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(15);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration FIRST_WAIT = Duration.ofMillis(250);
  private static final int RETRIES = 2;
  private static final int MOST_REDIRECTS = 5;
  private static final long MOST_BYTES = 4L * 1024 * 1024;
  private static final int TOO_MANY_REQUESTS = 429;

  private final OkHttpClient client;
  private final Clock clock;
  private final RetryPolicy<HttpAnswer> retries;

  /**
   * @param base whose trust settings and proxy are used
   */
  Http(OkHttpClient base, Clock clock) {
    this(
        base.newBuilder()
            .dispatcher(new Dispatcher(Executors.newCachedThreadPool(Http::daemon)))
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(CONNECT)
            .readTimeout(CALL)
            .writeTimeout(CALL)
            .callTimeout(CALL)
            .build(),
        clock,
        RETRIES);
  }

  private Http(OkHttpClient client, Clock clock, int retries) {
    this.client = client;
    this.clock = clock;
    this.retries =
        RetryPolicy.<HttpAnswer>builder()
            .handleIf(failure -> false)
            .handleResultIf(this::worthAnotherTry)
            .withDelayFn(
                context -> {
                  HttpAnswer last = context.getLastResult();
                  Duration backoff = FIRST_WAIT.multipliedBy(1L << (context.getAttemptCount() - 1));
                  return last == null ? backoff : last.retryAfter(clock).orElse(backoff);
                })
            .withMaxRetries(retries)
            .build();
  }

  /** For questions whose answer is nice to have. */
  Http impatient(Duration limit) {
    return new Http(client.newBuilder().callTimeout(limit).build(), clock, 0);
  }

  Clock clock() {
    return clock;
  }

  /**
   * Sends a request.
   *
   * @throws DeployException.Blocked if there is no complete answer
   */
  HttpAnswer send(Request request) throws InterruptedException {
    Request next = request;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpAnswer answer = sendWithRetries(next);
      if (!answer.isRedirect()) {
        return answer;
      }
      next = redirected(next, answer);
    }
    throw unreachable(request.url(), "it redirects more than " + MOST_REDIRECTS + " times");
  }

  private static Request redirected(Request request, HttpAnswer answer) {
    HttpUrl from = request.url();
    HttpUrl to = from.resolve(String.valueOf(answer.headers().get("Location")));
    if (to == null || !request.method().equals("GET")) {
      throw unreachable(from, "it redirects to where nobody can follow");
    }
    if (!to.isHttps() && (from.isHttps() || !Repository.isLoopback(to.host()))) {
      throw unreachable(from, "it redirects to " + to.host() + " without TLS");
    }
    Request.Builder next = request.newBuilder().url(to);
    return Repository.sameOrigin(from, to)
        ? next.build()
        : next.removeHeader("Authorization").build();
  }

  private HttpAnswer sendWithRetries(Request request) throws InterruptedException {
    try {
      return Failsafe.with(retries).get(() -> sendOnce(request));
    } catch (FailsafeException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException("interrupted while asking " + request.url().host());
      }
      throw e;
    }
  }

  private boolean worthAnotherTry(@Nullable HttpAnswer answer) {
    if (answer == null || (answer.code() != TOO_MANY_REQUESTS && answer.code() < 500)) {
      return false;
    }
    Optional<Duration> wait = answer.retryAfter(clock);
    return wait.isEmpty() || wait.get().compareTo(LONGEST_WAIT) <= 0;
  }

  private HttpAnswer sendOnce(Request request) throws InterruptedException {
    Call call = client.newCall(request);
    Answering answering = new Answering();
    call.enqueue(answering);
    try {
      return answering.answer.get();
    } catch (InterruptedException e) {
      call.cancel();
      throw e;
    } catch (ExecutionException e) {
      throw unreachable(request.url(), why(e.getCause()));
    }
  }

  private static String why(@Nullable Throwable failure) {
    return failure instanceof TooLarge large
        ? String.valueOf(large.getMessage())
        : NetworkFailure.describe(failure, null);
  }

  private static DeployException.Blocked unreachable(HttpUrl url, String why) {
    return Upstream.unanswered(
        "the registry could not be asked: " + origin(url) + ": " + why,
        "check the registry's address and the way to it, then plan again");
  }

  /** The address without what may be secret in it. */
  static String origin(HttpUrl url) {
    boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
    return url.scheme() + "://" + url.host() + (usual ? "" : ":" + url.port());
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "image-registry");
    thread.setDaemon(true);
    return thread;
  }

  /** Reads an answer to its end, on a thread of the client. */
  private static final class Answering implements Callback {
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();

    @Override
    public void onFailure(Call call, IOException failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onResponse(Call call, Response response) {
      try (response) {
        BufferedSource source = response.body().source();
        if (source.request(MOST_BYTES + 1)) {
          throw new TooLarge(MOST_BYTES);
        }
        answer.complete(
            new HttpAnswer(
                response.request().url(),
                response.code(),
                response.headers(),
                response.challenges(),
                source.readByteString()));
      } catch (IOException | RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }
  }

  /** More than anybody needs to answer such a question. */
  private static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("it answered with more than " + limit / (1024 * 1024) + " MB");
    }
  }
}
