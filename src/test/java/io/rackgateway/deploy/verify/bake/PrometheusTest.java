package io.rackgateway.deploy.verify.bake;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.config.BakeConfig.PrometheusConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Its answers are those of Prometheus's HTTP API. */
@Timeout(60)
class PrometheusTest {

  private static final Instant THEN = Instant.parse("2026-01-15T03:15:00Z");
  private static final String RATE = "sum(rate(errors[1m])) / sum(rate(requests[1m]))";

  private final MockWebServer server = new MockWebServer();
  private Prometheus prometheus;

  @BeforeEach
  void start() throws IOException {
    server.start();
    prometheus = prometheus(Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Prometheus prometheus(Duration timeout) {
    PrometheusConfig config =
        new PrometheusConfig(
            URI.create(server.url("/prom/").toString()), RATE, null, new Secret("rgw-secret"));
    return new Prometheus(new OkHttpClient(), config, new Cancellation(), timeout);
  }

  @Test
  void theExpressionIsAskedWithTheToken() throws InterruptedException {
    answer(vector("0.02"));

    assertThat(prometheus.ask(RATE, THEN)).isEqualTo(Prometheus.Answer.of(0.02));

    RecordedRequest request = server.takeRequest();
    assertThat(request.getUrl().encodedPath()).isEqualTo("/prom/api/v1/query");
    assertThat(request.getUrl().queryParameter("query")).isEqualTo(RATE);
    assertThat(request.getUrl().queryParameter("time")).isEqualTo("2026-01-15T03:15:00Z");
    assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer rgw-secret");
  }

  @Test
  void aScalarIsANumberToo() {
    answer("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"1.5\"]}}");

    assertThat(prometheus.ask(RATE, null).value()).isEqualTo(1.5);
  }

  @Test
  void whatIsNotOneNumberIsNoneAndSaysWhy() {
    assertNone(result("vector", "[]"), "the query finds nothing");
    assertNone(
        result("vector", "[" + sample("1") + "," + sample("2") + "]"),
        "the query finds 2 series; sum them up to one");
    assertNone(vector("NaN"), "the query's answer is NaN, as it is without traffic");
    assertNone(vector("+Inf"), "the query's answer '+Inf' is no number");
    assertNone(vector("many"), "the query's answer 'many' is no number");
    assertNone(result("matrix", "[]"), "the query's answer is not one number");
    assertNone("<html>", "status 200");
    assertNone("", "status 200");
    assertNone("[]", "status 200");
  }

  @Test
  void anErrorIsToldInPrometheusOwnWords() {
    server.enqueue(
        new MockResponse.Builder()
            .code(400)
            .body(
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error: unexpected )\"}")
            .build());

    assertThat(prometheus.ask(RATE, null).problem())
        .isEqualTo("status 400: parse error: unexpected )");
  }

  @Test
  void aServerThatIsDownOrHangsIsTold() {
    prometheus = prometheus(Duration.ofMillis(200));
    server.enqueue(
        new MockResponse.Builder()
            .headersDelay(5, java.util.concurrent.TimeUnit.SECONDS)
            .body(vector("0"))
            .build());
    assertThat(prometheus.ask(RATE, null).problem()).isEqualTo("no complete answer within 0.2 s");

    server.close();
    assertThat(prometheus.ask(RATE, null).problem()).isEqualTo("connection refused");
  }

  @Test
  void aFigureIsTooGreatOnceItWasForAWhile() {
    PrometheusMeasure measure = measure();
    for (int second = 0; second <= 60; second += 20) {
      assertThat(measure.bad()).isFalse();
      answer(vector("0.05"));
      assertThat(measure.ask(THEN.plusSeconds(second))).isEmpty();
    }
    assertThat(measure.bad()).isTrue();
    assertThat(measure.finding().verdict()).isEqualTo(Verdict.FAIL);
    assertThat(measure.finding().evidence())
        .isEqualTo("Prometheus tells an error rate of 5%, limit 1%");
  }

  @Test
  void oneGoodValueBeginsTheWhileAnew() {
    PrometheusMeasure measure = measure();
    String[] values = {"0.05", "0.05", "0.05", "0.001", "0.05", "0.05"};
    for (int i = 0; i < values.length; i++) {
      answer(vector(values[i]));
      assertThat(measure.ask(THEN.plusSeconds(20L * i))).isEmpty();
    }

    assertThat(measure.bad()).isFalse();
    assertThat(measure.finding().verdict()).isEqualTo(Verdict.WARN);
  }

  @Test
  void whatWasAsHighBeforeIsNotHeldAgainstTheVersion() {
    PrometheusMeasure measure = measure();
    answer(vector("0.04"));
    measure.askBefore(THEN);
    for (int second = 0; second <= 60; second += 20) {
      answer(vector("0.05"));
      assertThat(measure.ask(THEN.plusSeconds(second))).isEmpty();
    }

    assertThat(measure.bad()).isFalse();
    assertThat(measure.finding().evidence()).contains("before 4%: as before");
  }

  /** No answer is neither good nor bad, and is told once. */
  @Test
  void withoutAnAnswerTheOtherMeasuresCount() {
    PrometheusMeasure measure = measure();
    server.close();

    assertThat(measure.ask(THEN)).contains("connection refused");
    assertThat(measure.ask(THEN.plusSeconds(10))).isEmpty();

    assertThat(measure.bad()).isFalse();
    assertThat(measure.finding().verdict()).isEqualTo(Verdict.WARN);
    assertThat(measure.finding().evidence())
        .isEqualTo(
            "Prometheus did not tell the error rate (connection refused), so the other measures"
                + " alone count");
  }

  private PrometheusMeasure measure() {
    return new PrometheusMeasure(
        prometheus, "error rate", RATE, 0.01, Proportion::percent, Duration.ofMinutes(1));
  }

  private void assertNone(String body, String problem) {
    answer(body);
    assertThat(prometheus.ask(RATE, null)).isEqualTo(Prometheus.Answer.none(problem));
  }

  private void answer(String body) {
    server.enqueue(new MockResponse.Builder().body(body).build());
  }

  private static String vector(String value) {
    return result("vector", "[" + sample(value) + "]");
  }

  private static String sample(String value) {
    return "{\"metric\":{},\"value\":[1768446900.123,\"" + value + "\"]}";
  }

  private static String result(String type, String result) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":%s}}"
        .formatted(type, result);
  }
}
