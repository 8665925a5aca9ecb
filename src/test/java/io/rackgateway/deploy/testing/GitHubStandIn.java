package io.rackgateway.deploy.testing;

import io.rackgateway.deploy.config.GitHubConfig;
import io.rackgateway.deploy.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What GitHub's REST API (version 2022-11-28) and its archive server say of the releases of one
 * repository, on ports of 127.0.0.1: "List releases" in pages with {@code Link}, "Download a
 * repository archive (tar)" as a redirect to the other server, ETags that follow the content,
 * conditional requests, the primary rate limit, a repository's former name, and any {@link
 * GitHubFault}. It knows no other part of the API, answers over HTTP/1.1 without TLS and
 * compression, and never limits how fast it is asked unless told to. Thread-safe.
 */
public final class GitHubStandIn implements AutoCloseable {

  /**
   * A request that came in.
   *
   * @param api whether it came to the API, which counts calls, rather than the archive server
   * @param conditional whether it asked for what changed only
   * @param status what it was answered
   */
  public record Call(
      boolean api, String target, Headers headers, boolean conditional, int status) {}

  private final MockWebServer api = new MockWebServer();
  private final MockWebServer archives = new MockWebServer();
  private final Clock clock;
  private final Deque<GitHubFault> faults = new ArrayDeque<>();
  private final Deque<GitHubFault> archiveFaults = new ArrayDeque<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final GitHubRepository repository = new GitHubRepository();
  private @Nullable String token;
  private Duration latency = Duration.ZERO;
  private int limit = 5000;
  private int remaining = 5000;

  private GitHubStandIn(Clock clock) {
    this.clock = clock;
  }

  /** Starts one without releases. */
  public static GitHubStandIn start() {
    return start(Clock.systemUTC());
  }

  /** Starts one that counts its calls' hour by the clock. */
  public static GitHubStandIn start(Clock clock) {
    GitHubStandIn standIn = new GitHubStandIn(clock);
    try {
      InetAddress here = InetAddress.getLoopbackAddress();
      standIn.api.setDispatcher(dispatcher(standIn::answerApi));
      standIn.archives.setDispatcher(dispatcher(standIn::answerArchive));
      standIn.api.start(here, 0);
      standIn.archives.start(here, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return standIn;
  }

  /** The API's address. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + api.getPort());
  }

  /** The archive server's address. */
  public URI archiveUrl() {
    return URI.create("http://127.0.0.1:" + archives.getPort());
  }

  /** The configuration that asks this one, with a token or, for null, without. */
  public GitHubConfig config(@Nullable String withToken) {
    return new GitHubConfig(
        repository.name(), url(), withToken == null ? null : new Secret(withToken));
  }

  /** Publishes a release; the newest one comes last. */
  public GitHubStandIn release(String tag, String notes) {
    return release(tag, notes, false, false);
  }

  /** Publishes a release, or keeps it as a draft; the newest one comes last. */
  public synchronized GitHubStandIn release(
      String tag, String notes, boolean draft, boolean preRelease) {
    repository.add(tag, notes, draft, preRelease);
    return this;
  }

  /** Changes a release's notes afterwards, as their authors may. */
  public synchronized GitHubStandIn notes(String tag, @Nullable String notes) {
    repository.notes(tag, notes);
    return this;
  }

  /** Gives a tag a source of files by path. */
  public GitHubStandIn source(String tag, Map<String, String> files) {
    return archive(tag, TarGzBuilder.of("DocSpring-rack-gateway-1a2b3c4", files));
  }

  /** Gives a tag any bytes as its archive. */
  public synchronized GitHubStandIn archive(String tag, byte[] bytes) {
    repository.source(tag, bytes);
    return this;
  }

  /** Each answer, of either server, takes so long to begin. */
  public synchronized GitHubStandIn latency(Duration each) {
    latency = each;
    return this;
  }

  /** No page holds more, however many were asked for. */
  public synchronized GitHubStandIn pageSize(int most) {
    repository.pageSize(most);
    return this;
  }

  /** The repository was called otherwise, and its former name leads to the new one. */
  public synchronized GitHubStandIn renamedTo(String name) {
    repository.rename(name);
    return this;
  }

  /** Nobody sees the repository without this token; another one is refused. */
  public synchronized GitHubStandIn visibleWith(String bearer) {
    token = bearer;
    return this;
  }

  /** Allows so many more calls; unchanged answers to bearers of a token are free. */
  public synchronized GitHubStandIn remaining(int callsLeft) {
    remaining = callsLeft;
    limit = Math.max(60, callsLeft);
    return this;
  }

  /** The API fails so at its next calls, one fault each. */
  public synchronized GitHubStandIn fail(GitHubFault... next) {
    faults.addAll(List.of(next));
    return this;
  }

  /** The API fails so from now on; for null no longer. */
  public synchronized GitHubStandIn failAlways(@Nullable GitHubFault fault) {
    faults.clear();
    for (int i = 0; fault != null && i < 1000; i++) {
      faults.add(fault);
    }
    return this;
  }

  /** The archive server fails so at its next calls, one fault each. */
  public synchronized GitHubStandIn failArchive(GitHubFault... next) {
    archiveFaults.addAll(List.of(next));
    return this;
  }

  /** All requests since the start or the last {@link #forgetCalls}, oldest first. */
  public List<Call> requests() {
    return List.copyOf(calls);
  }

  /** How many calls the API got. */
  public int calls() {
    return (int) calls.stream().filter(Call::api).count();
  }

  /** How many requests were answered with "not modified". */
  public int notModified() {
    return (int) calls.stream().filter(call -> call.status() == 304).count();
  }

  /** How many requests, of either server, asked for what changed only. */
  public int conditional() {
    return (int) calls.stream().filter(Call::conditional).count();
  }

  public void forgetCalls() {
    calls.clear();
  }

  @Override
  public void close() {
    api.close();
    archives.close();
  }

  @FunctionalInterface
  private interface Answers {
    MockResponse answer(RecordedRequest request);
  }

  private static Dispatcher dispatcher(Answers answers) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return answers.answer(request);
      }
    };
  }

  private synchronized MockResponse answerApi(RecordedRequest request) {
    MockResponse right = rightAnswer(request);
    return finish(true, request, faults, right);
  }

  private synchronized MockResponse answerArchive(RecordedRequest request) {
    return finish(false, request, archiveFaults, repository.archive(request));
  }

  private MockResponse finish(
      boolean toApi, RecordedRequest request, Deque<GitHubFault> due, MockResponse right) {
    GitHubFault fault = due.poll();
    String url = request.getUrl().toString();
    MockResponse answer = fault == null ? right : fault.instead(url, right);
    Headers headers = request.getHeaders();
    boolean conditional =
        headers.get("If-None-Match") != null || headers.get("If-Modified-Since") != null;
    calls.add(new Call(toApi, request.getTarget(), headers, conditional, answer.getCode()));
    return answer.newBuilder().headersDelay(latency.toMillis(), TimeUnit.MILLISECONDS).build();
  }

  private MockResponse rightAnswer(RecordedRequest request) {
    String bearer = request.getHeaders().get("Authorization");
    if (token != null && bearer != null && !bearer.equals("Bearer " + token)) {
      return GitHubRepository.error(401, "Bad credentials");
    }
    if (remaining == 0) {
      return limited(GitHubRepository.error(403, "API rate limit exceeded for 192.0.2.1."));
    }
    boolean visible = token == null || bearer != null;
    MockResponse answer =
        visible
            ? repository.answer(request, archiveUrl().toString())
            : GitHubRepository.error(404, "Not Found");
    if (answer.getCode() != 304 || bearer == null) {
      remaining--;
    }
    return limited(answer);
  }

  private MockResponse limited(MockResponse answer) {
    long reset = clock.instant().plus(12, ChronoUnit.MINUTES).getEpochSecond();
    return answer
        .newBuilder()
        .setHeader("X-RateLimit-Limit", limit)
        .setHeader("X-RateLimit-Remaining", remaining)
        .setHeader("X-RateLimit-Reset", reset)
        .build();
  }
}
