package io.rackgateway.deploy.verify.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** A gateway on 127.0.0.1 whose answers a test chooses, and which can be stopped and started. */
final class MoodyGateway implements AutoCloseable {

  static final String HEALTHY = "{\"status\":\"ok\",\"service\":\"rack-gateway\"}";

  /** What it does with a request. */
  @FunctionalInterface
  interface Mood {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int port;
  private HttpServer server;
  volatile Mood mood = json(200, HEALTHY);

  /** What the requests carried as authorization, oldest first. */
  final List<String> authorizations = new CopyOnWriteArrayList<>();

  MoodyGateway() throws IOException {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  private HttpServer listen(int onPort) throws IOException {
    HttpServer listening =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
    listening.setExecutor(threads);
    listening.createContext(
        "/",
        exchange -> {
          try (exchange) {
            authorizations.add(
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            mood.answer(exchange);
          }
        });
    listening.start();
    return listening;
  }

  /** Answers with a status and a JSON body. */
  static Mood json(int status, String body) {
    return answer(status, "application/json", body);
  }

  static Mood answer(int status, String contentType, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", contentType);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  static Mood redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  /** Closes the connection without an answer. */
  static Mood hangUp() {
    return HttpExchange::close;
  }

  /** Answers nothing until the latch is open, and closes then. */
  static Mood hang(CountDownLatch latch) {
    return exchange -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  void stop() {
    server.stop(0);
  }

  void restart() throws IOException {
    server = listen(port);
  }

  GatewayConfig config() {
    return config(null);
  }

  GatewayConfig config(@Nullable String token) {
    return new GatewayConfig(
        "production",
        URI.create("http://127.0.0.1:" + port + "/"),
        "/api/v1/health",
        token == null ? null : new Secret(token));
  }

  HttpGateway client() {
    return new HttpGateway(new OkHttpClient(), config());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
