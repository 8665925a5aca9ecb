package io.rackgateway.deploy.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The stand-in's HTTP side. */
final class StandInServer {

  private static final int THREADS = 8;
  private static final int DRAIN_SECONDS = 5;
  private static final long ERROR_MILLIS = 200;

  /** What the gateway answers. */
  private record Answer(int status, String body, @Nullable String location) {}

  private final StandInSettings settings;
  private final StandInLog log;
  private final @Nullable StandInDatabase database;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger healthAnswers = new AtomicInteger();

  StandInServer(StandInSettings settings, StandInLog log, @Nullable StandInDatabase database) {
    this.settings = settings;
    this.log = log;
    this.database = database;
  }

  /** Begins to serve, until the process is asked to end. */
  void start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 128);
    ExecutorService workers = Executors.newFixedThreadPool(THREADS);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
    log.line("Server listening on " + settings.host() + ":" + server.getAddress().getPort());
    misbehave();
  }

  private void stop(HttpServer server) {
    log.line("Shutting down");
    // With a request under way stop() waits for it; without one it would wait for nothing.
    server.stop(open.get() > 0 ? DRAIN_SECONDS : 0);
    if (database != null) {
      database.close();
    }
    // An ordinary end after SIGTERM has exit code 0, where Java's own would be 143.
    Runtime.getRuntime().halt(0);
  }

  private void misbehave() {
    if (settings.fault() == StandInSettings.Fault.LOG_ERRORS) {
      new Timer(true).schedule(task(this::logError), 0, ERROR_MILLIS);
    }
  }

  private static TimerTask task(Runnable action) {
    return new TimerTask() {
      @Override
      public void run() {
        action.run();
      }
    };
  }

  private void crash() {
    log.line("panic: runtime error: invalid memory address or nil pointer dereference");
    Runtime.getRuntime().halt(2);
  }

  private void logError() {
    log.line("ERROR rack proxy: upstream connection refused");
    log.audit("ci@example.com", "rack.read", "/api/v1/rack-proxy/apps", 502, 7);
  }

  private void handle(HttpExchange exchange) throws IOException {
    open.incrementAndGet();
    long start = System.nanoTime();
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      boolean health = path.equals("/api/v1/health");
      if (!health && settings.fault() == StandInSettings.Fault.CRASH_AFTER_START) {
        crash();
      }
      boolean authorized = authorized(exchange);
      Answer answer = answer(exchange.getRequestMethod(), path, authorized);
      if (!health) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        record(authorized ? "ci@example.com" : "anonymous", exchange, path, answer.status, millis);
      }
      send(exchange, answer);
    } finally {
      open.decrementAndGet();
    }
  }

  private Answer answer(String method, String path, boolean authorized) {
    if (path.equals("/api/v1/health")) {
      return unhealthy()
          ? error(503, "service unavailable")
          : json(Map.of("status", "ok", "service", "rack-gateway"));
    }
    if (path.equals("/api/v1/auth/web/login")) {
      return login();
    }
    if (path.equals("/openapi.json")) {
      return json(Map.of("openapi", "3.1.0"));
    }
    boolean info = path.equals("/api/v1/info");
    if (!info && !path.startsWith("/api/v1/rack-proxy/")) {
      return error(404, "not found");
    }
    if (!authorized) {
      return error(401, "unauthorized");
    }
    if (!info) {
      return new Answer(200, "[]", null);
    }
    return method.equals("GET") ? info() : error(405, "method not allowed");
  }

  private boolean unhealthy() {
    return switch (settings.fault()) {
      case UNHEALTHY -> true;
      case FLAPPING -> healthAnswers.incrementAndGet() % 3 == 0;
      case ONE_UNHEALTHY -> database != null && database.isFirst();
      default -> false;
    };
  }

  private Answer info() {
    String version =
        switch (settings.fault()) {
          case WRONG_VERSION -> "dev";
          case OLD_VERSION -> "1.0.0";
          default -> settings.version();
        };
    return json(
        ordered(
            "user", raw(Map.of("email", "ci@example.com")),
            "rack", raw(ordered("name", "staging", "alias", "stg", "host", "rack.example.com")),
            "integrations", raw(Map.of()),
            "version", raw(ordered("version", version, "commit_hash", "0000000"))));
  }

  private Answer login() {
    boolean wrong = settings.fault() == StandInSettings.Fault.WRONG_LOGIN;
    String callback =
        "https://" + (wrong ? "staging." : "") + settings.domain() + "/api/v1/auth/web/callback";
    return new Answer(
        302,
        "",
        "https://accounts.google.com/o/oauth2/v2/auth?client_id=stand-in&response_type=code&scope=openid+email&state="
            + UUID.randomUUID()
            + "&redirect_uri="
            + URLEncoder.encode(callback, StandardCharsets.UTF_8));
  }

  private boolean authorized(HttpExchange exchange) {
    String sent = exchange.getRequestHeaders().getFirst("Authorization");
    String token = settings.apiToken();
    return sent != null
        && !token.isEmpty()
        && MessageDigest.isEqual(
            sent.getBytes(StandardCharsets.UTF_8),
            ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (answer.location != null) {
      exchange.getResponseHeaders().set("Location", answer.location);
    }
    exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private void record(String user, HttpExchange exchange, String path, int status, long millis) {
    String action = "http." + exchange.getRequestMethod().toLowerCase(Locale.ROOT);
    log.audit(user, action, path, status, millis);
    if (database != null) {
      try {
        database.record(user, action, path, status);
      } catch (SQLException e) {
        log.line("audit: " + e.getMessage());
      }
    }
  }

  private static Answer error(int status, String message) {
    return new Answer(status, StandInLog.json(Map.of("error", message)), null);
  }

  private static Answer json(Map<String, ?> fields) {
    return new Answer(200, StandInLog.json(fields), null);
  }

  private static StandInLog.RawJson raw(Map<String, ?> fields) {
    return new StandInLog.RawJson(StandInLog.json(fields));
  }

  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
