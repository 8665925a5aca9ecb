package io.rackgateway.deploy.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken for a secret by its look alone. */
class ScrubberTest {

  private final Scrubber scrubber = new Scrubber(new Secrets());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "APP_SECRET_KEY=planted value|APP_SECRET_KEY=****",
        "export API_TOKEN='planted'|export API_TOKEN=****",
        "dial postgres://joe:pla/nt@ed@db.internal:5432/x|dial postgres://joe:****@db.internal:5432/x",
        "{\"client_secret\": \"pla\\\"nted\", \"a\": 1}|{\"client_secret\": ****, \"a\": 1}",
        "Authorization: Bearer planted.token-1|Authorization: **** ****",
        "GET /callback?code=planted&state=planted|GET /callback?code=****&state=****",
        "with password: planted, sorry|with password: ****, sorry",
        "run --db-password planted --port 1|run --db-password **** --port 1",
        "saw rgw_planted-1 twice|saw rgw_**** twice",
        "host=db password='planted one' user=joe|host=db password=**** user=joe",
        "https://hooks.slack.com/services/T0/B0/planted|https://hooks.slack.com/****",
        "AKIAPLANTEDPLANTED12|AKIA****",
      })
  void isMasked(String text, String masked) {
    assertThat(scrubber.scrub(text)).isEqualTo(masked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "fatal: APP_SECRET_KEY must be 32 bytes",
        "2025/01/29 12:34:56 Server listening on :8080",
        "http://127.0.0.1:8080/api/v1/health answered 503",
        "panic: runtime error: invalid memory address",
        "sha256:0123456789abcdef0123456789abcdef",
        "the token expired",
      })
  void isLeft(String text) {
    assertThat(scrubber.scrub(text)).isEqualTo(text);
  }

  @Test
  void aKeyOverSeveralLinesIsMaskedWhole() {
    assertThat(
            scrubber.scrub(
                "a\n-----BEGIN RSA PRIVATE KEY-----\nplanted\nplanted\n-----END RSA PRIVATE"
                    + " KEY-----\nb"))
        .doesNotContain("planted")
        .startsWith("a\n")
        .endsWith("\nb");
  }

  @Test
  void whatWasMetOnThePlatformIsMaskedInEachOfItsForms() {
    scrubber.add("pla nt&ed");

    assertThat(scrubber.scrub("x pla nt&ed y pla+nt%26ed z pla%20nt%26ed"))
        .isEqualTo("x **** y **** z ****");
  }

  @Test
  void megabytesOfLogTakeNoMinutes() {
    String word = "key".repeat(20_000) + " ";
    String line = "2026/01/15 03:15:00 handled /api/v1/rack-proxy/apps?page=2 in 12 ms\n";
    long start = System.nanoTime();

    scrubber.scrub(word.repeat(10) + line.repeat(20_000) + "a".repeat(500_000));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }
}
