package io.rackgateway.deploy.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A rack on 127.0.0.1 with the resource {@code database} of the app {@code gateway}, or a Rack
 * Gateway in front of it. As a rack does, it exports by {@code pg_dump} with complaints and
 * failures in between, under a status of success sent beforehand, and imports by a {@code psql}
 * that ignores errors unless told otherwise. It knows no other apps, resources and calls, and its
 * resource has no proxy, console or logs.
 */
public final class RackStandIn implements AutoCloseable {

  public static final String TOKEN = "rack/t@ken";
  public static final String GATEWAY_TOKEN = "rgw_gateway-token";
  private static final String PREFIX = "/api/v1/rack-proxy";
  private static final String RESOURCE = "/apps/gateway/resources/database";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final PostgresUrl database;
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private volatile @Nullable Integer status;
  private volatile byte @Nullable [] export;
  private volatile long breakOffAfter = Long.MAX_VALUE;
  private volatile String type = "postgres";

  public RackStandIn(PostgresUrl database) throws IOException {
    this.database = database;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** As in {@code RACK_URL}. */
  public String url() {
    return "http://convox:" + TOKEN.replace("/", "%2F").replace("@", "%40") + "@" + address();
  }

  /** Of the gateway in front of it. */
  public String gatewayUrl() {
    return "http://" + address();
  }

  private String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers everything with this status. */
  public void answerWith(@Nullable Integer newStatus) {
    status = newStatus;
  }

  /** Exports this instead. */
  public void exportInstead(byte @Nullable [] content) {
    export = content;
  }

  /** Closes the connection in the middle of an export. */
  public void breakOffAfter(long bytes) {
    breakOffAfter = bytes;
  }

  public void typeIs(String newType) {
    type = newType;
  }

  /** Method and path of each request. */
  public List<String> seen() {
    return seen;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    seen.add(exchange.getRequestMethod() + " " + path);
    String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    boolean gateway = path.startsWith(PREFIX);
    try (exchange) {
      if (status != null) {
        answer(exchange, status, "{\"error\":\"as the test asked\"}");
      } else if (!authorization.equals(gateway ? "Bearer " + GATEWAY_TOKEN : basic())) {
        answer(exchange, 401, gateway ? "{\"error\":\"invalid token\"}" : "invalid authentication");
      } else if (exchange.getRequestHeaders().getFirst("Version") == null) {
        answer(exchange, 403, "{\"error\":\"client version unknown\"}");
      } else {
        route(exchange, gateway ? path.substring(PREFIX.length()) : path);
      }
    }
  }

  private static String basic() {
    return okhttp3.Credentials.basic("convox", TOKEN, StandardCharsets.UTF_8);
  }

  private void route(HttpExchange exchange, String path) throws IOException {
    String call = exchange.getRequestMethod() + " " + path;
    if (call.equals("GET " + RESOURCE)) {
      answer(
          exchange,
          200,
          "{\"name\":\"database\",\"status\":\"running\",\"type\":\"" + type + "\"}");
    } else if (call.equals("GET " + RESOURCE + "/data")) {
      export(exchange);
    } else if (call.equals("PUT " + RESOURCE + "/data")) {
      importData(exchange);
    } else {
      answer(exchange, 404, "{\"error\":\"resource not found\"}");
    }
  }

  private void export(HttpExchange exchange) throws IOException {
    // A length that is never reached keeps the server from ending a broken answer properly.
    exchange.sendResponseHeaders(200, breakOffAfter == Long.MAX_VALUE ? 0 : 1L << 40);
    byte[] instead = export;
    OutputStream out = exchange.getResponseBody();
    if (instead != null) {
      out.write(instead, 0, (int) Math.min(instead.length, breakOffAfter));
      end(out, instead.length);
      return;
    }
    Process dump = program("pg_dump", "--no-acl", "--no-owner").redirectErrorStream(true).start();
    dump.getOutputStream().close();
    byte[] chunk = new byte[4096];
    long sent = 0;
    try (InputStream content = dump.getInputStream()) {
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        if (sent + count > breakOffAfter) {
          dump.destroy();
          throw new IOException("broken off, as the test asked");
        }
        out.write(chunk, 0, count);
        sent += count;
      }
    }
    int code = exitCode(dump);
    if (code != 0) {
      out.write(
          ("ERROR: could not export: exit status " + code + "\n").getBytes(StandardCharsets.UTF_8));
    }
    out.close();
  }

  private void end(OutputStream out, long length) throws IOException {
    if (length > breakOffAfter) {
      throw new IOException("broken off, as the test asked");
    }
    out.close();
  }

  private void importData(HttpExchange exchange) throws IOException {
    Process psql = program("psql").redirectErrorStream(true).start();
    try (OutputStream in = psql.getOutputStream()) {
      exchange.getRequestBody().transferTo(in);
    } catch (IOException e) {
      // psql ended before it had read everything, or the client went away: its exit code tells.
      seen.add("import broke off");
    }
    psql.getInputStream().transferTo(OutputStream.nullOutputStream());
    if (exitCode(psql) == 0) {
      answer(exchange, 200, "");
    } else {
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      answer(exchange, 500, "{\"error\":\"ERROR: import failed\"}");
    }
  }

  private ProcessBuilder program(String... words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(database.environment());
    return builder;
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
