package io.rackgateway.deploy.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a gateway on a port of this machine what it is. */
record GatewayAnswer(int port, String token) {

  private static final Pattern VERSION = Pattern.compile("\"version\":\\{\"version\":\"([^\"]*)\"");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** The version that {@code /api/v1/info} tells, with {@code v}; or what came instead. */
  String version() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/info"))
            .header("Authorization", "Bearer " + token)
            .build();
    try {
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      Matcher matcher = VERSION.matcher(response.body());
      return matcher.find() ? "v" + matcher.group(1) : response.statusCode() + response.body();
    } catch (IOException e) {
      return "no answer: " + e;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
