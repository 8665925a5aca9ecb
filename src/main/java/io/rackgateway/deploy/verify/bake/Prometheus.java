package io.rackgateway.deploy.verify.bake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.rackgateway.deploy.config.BakeConfig.PrometheusConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.text.PlainText;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Asks Prometheus for the value of an expression at one instant, as its HTTP API documents it
 * ({@code /api/v1/query}).
 */
final class Prometheus {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_BODY = 64 * 1024;
  private static final int QUOTED = 200;

  private final OkHttpClient client;
  private final PrometheusConfig config;
  private final Cancellation cancellation;
  private final Duration timeout;

  Prometheus(
      OkHttpClient client, PrometheusConfig config, Cancellation cancellation, Duration timeout) {
    this.client =
        client
            .newBuilder()
            .callTimeout(timeout)
            .followRedirects(false)
            .retryOnConnectionFailure(false)
            .build();
    this.config = config;
    this.cancellation = cancellation;
    this.timeout = timeout;
  }

  /**
   * A value, or why there is none.
   *
   * @param value null when there is none
   * @param problem null when there is a value
   */
  record Answer(@Nullable Double value, @Nullable String problem) {

    static Answer of(double value) {
      return new Answer(value, null);
    }

    static Answer none(String problem) {
      return new Answer(null, problem);
    }
  }

  /** The server's address, for people. */
  String address() {
    return config.url().toString();
  }

  /** Asks for the value that an expression has, or had. */
  Answer ask(String expression, @Nullable Instant at) {
    HttpUrl base = HttpUrl.get(config.url());
    if (base == null) {
      return Answer.none("'" + config.url() + "' is not an address of http or https");
    }
    HttpUrl.Builder url =
        base.newBuilder().addPathSegments("api/v1/query").addQueryParameter("query", expression);
    if (at != null) {
      url.addQueryParameter("time", at.toString());
    }
    Request.Builder request =
        new Request.Builder().url(url.build()).header("User-Agent", "rack-gateway-deploy");
    Secret token = config.token();
    if (token != null) {
      request.header("Authorization", "Bearer " + token.value());
    }
    Call call = client.newCall(request.build());
    Cancellation.Registration registration = cancellation.onRequest(call::cancel);
    try (Response response = call.execute()) {
      return read(response.code(), response.peekBody(LONGEST_BODY).string());
    } catch (IOException e) {
      return Answer.none(NetworkFailure.describe(e, timeout));
    } finally {
      registration.close();
    }
  }

  private static Answer read(int status, String body) {
    JsonNode answer;
    try {
      answer = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      answer = MissingNode.getInstance();
    }
    if (!answer.path("status").asText("").equals("success")) {
      String error = answer.path("error").asText("");
      return Answer.none(
          "status " + status + (error.isBlank() ? "" : ": " + PlainText.line(error, QUOTED)));
    }
    JsonNode data = answer.path("data");
    JsonNode result = data.path("result");
    return switch (data.path("resultType").asText("")) {
      case "scalar" -> number(result.path(1).asText(""));
      case "vector" ->
          result.size() == 1
              ? number(result.path(0).path("value").path(1).asText(""))
              : Answer.none(
                  result.isEmpty()
                      ? "the query finds nothing"
                      : "the query finds " + result.size() + " series; sum them up to one");
      default -> Answer.none("the query's answer is not one number");
    };
  }

  /** Also of a rate that is of no request at all, which is no number. */
  private static Answer number(String text) {
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value)
          ? Answer.of(value)
          : Answer.none("the query's answer is " + text + ", as it is without traffic");
    } catch (NumberFormatException e) {
      return Answer.none("the query's answer '" + PlainText.line(text, QUOTED) + "' is no number");
    }
  }
}
