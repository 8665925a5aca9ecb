package io.rackgateway.deploy.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway on a port of 127.0.0.1, asked as its users ask it. */
public record RunningGateway(int port, String token) {

  private static final Pattern VERSION = Pattern.compile("\"version\":\\{\"version\":\"([^\"]*)\"");

  /** The version that it tells of itself, or {@code none} when it does not answer. */
  public String version() {
    Matcher version = VERSION.matcher(get("/api/v1/info").orElse(""));
    return version.find() ? version.group(1) : "none";
  }

  /** Waits until it answers. */
  public void awaitHealthy() {
    while (get("/api/v1/health").isEmpty()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private Optional<String> get(String path) {
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                      .header("Authorization", "Bearer " + token)
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
