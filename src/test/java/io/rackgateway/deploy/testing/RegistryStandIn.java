package io.rackgateway.deploy.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A registry on 127.0.0.1 that misbehaves as a test asks, with a token server at {@code /token}. It
 * answers GETs of manifests, blobs and tag lists (two tags a page); it accepts no pushes, knows
 * nothing of HEAD, ranges and media types that a client did not ask for, and its tokens do not
 * expire.
 */
public final class RegistryStandIn implements AutoCloseable {

  /** A request as it arrived. */
  public record Seen(String method, String target, String authorization, String body) {
    /** Whether it carried credentials or a token. */
    public boolean authorized() {
      return !authorization.isEmpty();
    }
  }

  /** An answer in place of the right one. */
  @FunctionalInterface
  public interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }

  private record Content(String type, ByteString bytes) {}

  public static final String USER = "ci";
  public static final String PASSWORD = "open sesame";
  public static final String IDENTITY_TOKEN = "identity-token-of-ci";
  private static final String TOKEN = "token-for-one-repository";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Map<String, Content> contents = new ConcurrentHashMap<>();
  private final List<String> tags = new CopyOnWriteArrayList<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Deque<Answer> instead = new ArrayDeque<>();
  private volatile @Nullable String challenge;
  private volatile boolean everybody;
  private volatile @Nullable String digestHeader;
  private volatile boolean withoutDigestHeader;
  private volatile @Nullable String blobHost;

  public RegistryStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Host and port, as image references begin with. */
  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Holds an image from now on. */
  public RegistryStandIn hold(TinyImage image, String repository, String tag) {
    String path = "/v2/" + repository;
    Content manifest = new Content(image.mediaType(), image.manifest());
    contents.put(path + "/manifests/" + image.digest(), manifest);
    contents.put(path + "/manifests/" + tag, manifest);
    if (!tag.contains(":")) {
      tags.add(tag);
    }
    for (ByteString blob : image.blobs()) {
      contents.put(
          path + "/blobs/" + TinyImage.digest(blob), new Content("application/octet-stream", blob));
    }
    image.images().forEach(part -> hold(part, repository, part.digest()));
    return this;
  }

  /** Gives other content than it should at a path below {@code /v2/}. */
  public void exchange(String path, String content) {
    contents.put("/v2/" + path, new Content("application/json", ByteString.encodeUtf8(content)));
  }

  /** Names this digest in its header, whatever it sends. */
  public void claimDigest(String digest) {
    digestHeader = digest;
  }

  public void leaveOutDigestHeader() {
    withoutDigestHeader = true;
  }

  /** Sends those who want a blob to another server. */
  public void redirectBlobsTo(RegistryStandIn other) {
    blobHost = "http://" + other.address();
  }

  /** Wants a token of its own token server, which gives one to {@link #USER} alone. */
  public void demandToken() {
    challenge = bearer("http://" + address() + "/token");
  }

  /** Wants a token, which anybody gets. */
  public void demandAnonymousToken() {
    demandToken();
    everybody = true;
  }

  /** Wants a token from somewhere else. */
  public void demandTokenFrom(String realm) {
    challenge = bearer(realm);
  }

  /** Wants the user and password of {@link #USER}. */
  public void demandPassword() {
    challenge = "Basic realm=\"stand-in\"";
  }

  private static String bearer(String realm) {
    return "Bearer realm=\"" + realm + "\",service=\"stand-in\",scope=\"repository:x:pull\"";
  }

  /** Gives this answer to the next request, and a later one to the request after that. */
  public synchronized void next(Answer answer) {
    instead.add(answer);
  }

  /** An answer with a status and headers, each {@code Name: value}. */
  public static Answer answer(int status, String body, String... headers) {
    return exchange -> {
      for (String header : headers) {
        String[] parts = header.split(": ", 2);
        exchange.getResponseHeaders().set(parts[0], parts[1]);
      }
      send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    };
  }

  /** Half of what was promised, then the end of the connection. */
  public static Answer truncated(TinyImage image) {
    return exchange -> {
      byte[] whole = image.manifest().toByteArray();
      exchange.getResponseHeaders().set("Content-Type", image.mediaType());
      exchange.sendResponseHeaders(200, whole.length);
      exchange.getResponseBody().write(whole, 0, whole.length / 2);
      exchange.getResponseBody().flush();
    };
  }

  /** Spaces without end. */
  public static Answer endless() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 1000; i++) {
        exchange.getResponseBody().write(spaces);
      }
    };
  }

  /** What it was asked, oldest first. */
  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      Seen request =
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              authorization == null ? "" : authorization,
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      seen.add(request);
      Answer other = poll();
      if (other != null) {
        other.give(exchange);
      } else if (request.target().startsWith("/token")) {
        giveToken(exchange, request);
      } else if (challenge != null && !admits(request)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
        send(exchange, 401, error("UNAUTHORIZED"));
      } else if (request.target().contains("/tags/list")) {
        giveTags(exchange);
      } else {
        giveContent(exchange);
      }
    }
  }

  private synchronized @Nullable Answer poll() {
    return instead.poll();
  }

  private static boolean admits(Seen request) {
    return request.authorization().equals("Bearer " + TOKEN)
        || request.authorization().equals(basic());
  }

  private static String basic() {
    String pair = USER + ":" + PASSWORD;
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private void giveToken(HttpExchange exchange, Seen request) throws IOException {
    boolean exchanged =
        request.method().equals("POST")
            && request.body().contains("grant_type=refresh_token")
            && request.body().contains("refresh_token=" + IDENTITY_TOKEN);
    boolean admitted = everybody || exchanged || request.authorization().equals(basic());
    String name = exchanged ? "access_token" : "token";
    send(
        exchange,
        admitted ? 200 : 401,
        admitted
            ? ("{\"" + name + "\":\"" + TOKEN + "\"}").getBytes(StandardCharsets.UTF_8)
            : error("UNAUTHORIZED"));
  }

  private void giveTags(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    String query = String.valueOf(uri.getQuery());
    int from = query.contains("from=") ? Integer.parseInt(query.replaceFirst(".*from=", "")) : 0;
    int to = Math.min(from + 2, tags.size());
    if (to < tags.size()) {
      exchange
          .getResponseHeaders()
          .set("Link", "<" + uri.getPath() + "?from=" + to + ">; rel=\"next\"");
    }
    String list = "[\"" + String.join("\",\"", tags.subList(from, to)) + "\"]";
    send(exchange, 200, ("{\"tags\":" + list + "}").getBytes(StandardCharsets.UTF_8));
  }

  private void giveContent(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (blobHost != null && path.contains("/blobs/")) {
      exchange.getResponseHeaders().set("Location", blobHost + path);
      send(exchange, 307, new byte[0]);
      return;
    }
    Content content = contents.get(path);
    if (content == null) {
      send(exchange, 404, error("MANIFEST_UNKNOWN"));
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", content.type());
    if (!withoutDigestHeader) {
      String digest = digestHeader == null ? TinyImage.digest(content.bytes()) : digestHeader;
      exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
    }
    send(exchange, 200, content.bytes().toByteArray());
  }

  private static byte[] error(String code) {
    return ("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"no\"}]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
