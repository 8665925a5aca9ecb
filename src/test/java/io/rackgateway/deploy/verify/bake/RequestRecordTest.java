package io.rackgateway.deploy.verify.bake;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines are those of a gateway v0.2.0. */
class RequestRecordTest {

  private static final String REQUEST =
      """
      {"ts":"2026-11-23T16:28:45Z","user_email":"admin@example.com","method":"GET","path":"/api/v1/rack-proxy/apps",\
      "status":200,"latency_ms":35,"rbac_decision":"allow","request_id":"3cb09ae9","client_ip":"127.0.0.1"}""";
  private static final String AUDIT =
      """
      {"action":"app.list","action_type":"convox","event_count":1,"http_status":200,"latency_ms":5,\
      "rbac_decision":"allow","resource":"all","status":"success","ts":"2026-11-23T16:28:45Z"}""";

  @Test
  void aRequestTellsItsStatusAndLatency() {
    assertThat(RequestRecord.find(REQUEST))
        .contains(
            new RequestRecord(
                false, "/api/v1/rack-proxy/apps", 200, 35, Instant.parse("2026-11-23T16:28:45Z")));
    assertThat(RequestRecord.find("gateway-1  | " + REQUEST)).isPresent();
  }

  @Test
  void anAuditRecordTellsThemUnderOtherNames() {
    assertThat(RequestRecord.find(AUDIT))
        .contains(new RequestRecord(true, "", 200, 5, Instant.parse("2026-11-23T16:28:45Z")));
  }

  @Test
  void whatIsOfNoRequestIsNone() {
    assertThat(
            List.of(
                "",
                "2026/11/24 03:52:02 Starting server on port 8080",
                "{\"status\":200}",
                "{\"status\":",
                REQUEST.substring(0, 60),
                AUDIT.replace("\"http_status\":200", "\"http_status\":0"),
                REQUEST.replace("200", "\"ok\""),
                REQUEST.replace("200", "9999999999999")))
        .allMatch(line -> RequestRecord.find(line).isEmpty());
  }

  /** Its latency is how long somebody looked at a log. */
  @Test
  void aConnectionThatChangedItsProtocolHasNoLatency() {
    assertThat(RequestRecord.find(REQUEST.replace("200", "101")).orElseThrow().latency())
        .isEqualTo(-1);
  }

  @Test
  void anAuditedRequestCountsOnce() {
    assertThat(tally(AUDIT, REQUEST).requests()).isEqualTo(1);
    assertThat(tally(AUDIT, REQUEST).slowerThan(Duration.ofMillis(30))).isEqualTo(1);
    assertThat(tally(AUDIT, AUDIT).requests()).isEqualTo(2);
  }

  @Test
  void probesAreNoTraffic() {
    assertThat(tally(REQUEST.replace("/api/v1/rack-proxy/apps", "/api/v1/health")).requests())
        .isZero();
  }

  @Test
  void whatIsSlowerThanTheLimitIsToldExactly() {
    String at = REQUEST.replace(":35,", ":2000,");
    String above = REQUEST.replace(":35,", ":2001,");

    assertThat(tally(at, above, at).slowerThan(Duration.ofSeconds(2))).isEqualTo(1);
  }

  @Test
  void aPercentileIsTooHighByATwentiethAtMost() {
    for (long millis : new long[] {1, 7, 20, 23, 180, 999, 12_345, 3_600_000}) {
      Traffic traffic = tally(REQUEST.replace(":35,", ":" + millis + ","));
      assertThat(traffic.percentile(99).toMillis()).isBetween(millis, millis + millis / 19 + 1);
    }
    assertThat(Traffic.NONE.percentile(99)).isNull();
  }

  private static Traffic tally(String... lines) {
    TrafficTally tally = new TrafficTally(Duration.ofSeconds(2), "/api/v1/health", false);
    for (String line : lines) {
      RequestRecord.find(line).ifPresent(tally::add);
    }
    return tally.traffic();
  }
}
