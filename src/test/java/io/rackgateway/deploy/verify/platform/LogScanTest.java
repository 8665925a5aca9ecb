package io.rackgateway.deploy.verify.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.verify.Expectations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogScanTest {

  private static final String AUDIT =
      "{\"ts\":\"2025-01-29T12:34:56Z\",\"action_type\":\"convox\",\"resource\":\"error\","
          + "\"rbac_decision\":\"allow\",\"http_status\":%d}";

  private final LogScan scan = scan(List.of());

  @Test
  void countsErrorsBySignatureAndInstance() {
    line("gateway-1", "2025/01/29 12:34:56 ERROR dial tcp 10.0.0.1:5432: refused");
    line("gateway-2", "2025/01/29 12:34:57 ERROR dial tcp 10.0.0.2:5432: refused");
    line("gateway-2", "2025/01/29 12:34:58 ERROR dial tcp 10.0.0.2:5432: refused");
    line("gateway-2", "2025/01/29 12:34:59 panic: no");

    assertThat(scan.signatures()).isEqualTo(Map.of("ERROR dial tcp #: refused", 3, "panic: no", 1));
    assertThat(scan.errors().get(0).instances())
        .isEqualTo(Map.of("gateway-1", 1L, "gateway-2", 2L));
    assertThat(scan.lines()).isEqualTo(4);
  }

  @Test
  void keepsTwoLinesOfTheSameInstanceBeforeAndAfterAnError() {
    line("a", "one");
    line("b", "other");
    line("a", "two");
    line("a", "three");
    line("a", "error here");
    line("b", "another");
    line("a", "four");
    line("a", "five");
    line("a", "six");

    assertThat(scan.errors().get(0).excerpt())
        .containsExactly("two", "three", "error here", "four", "five");
  }

  @Test
  void anErrorJustAfterAnotherHasItsOwnSurroundings() {
    line("a", "panic: nil");
    line("a", "error: cleanup");
    line("a", "goodbye");

    assertThat(scan.errors())
        .extracting(LoggedError::excerpt)
        .containsExactly(
            List.of("panic: nil", "error: cleanup", "goodbye"),
            List.of("panic: nil", "error: cleanup", "goodbye"));
  }

  @Test
  void auditRecordsAreNoErrorsButThoseOfFailedRequestsAreCounted() {
    line("a", AUDIT.formatted(200));
    line("a", AUDIT.formatted(404));
    line("a", AUDIT.formatted(502));
    line("a", AUDIT.replace("\"error\"", "\"app\"").formatted(503));

    assertThat(scan.errors()).isEmpty();
    assertThat(scan.serverErrors()).isEqualTo(2);
    assertThat(scan.firstServerError()).hasValueSatisfying(it -> assertThat(it).contains("502"));
  }

  @Test
  void endlesslyManyKindsOfErrorsAreKeptAsOneFromSomeNumberOn() {
    for (int i = 0; i < 100_000; i++) {
      line("a", "error of " + "abcdefghij".charAt(i % 10) + word(i));
    }

    assertThat(scan.signatures()).hasSizeLessThanOrEqualTo(201).containsKey(LogScan.OTHERS);
    assertThat(scan.signatures().values().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(100_000);
    assertThat(scan.errors().stream().filter(error -> !error.excerpt().isEmpty()).count())
        .isLessThanOrEqualTo(20);
  }

  /** A line that is dropped is garbage at once; 40 MB of lines here would not fit in 20. */
  @Test
  void aLogOfAnyLengthTakesNoMoreMemoryThanAShortOne() {
    Runtime runtime = Runtime.getRuntime();
    String padding = "x".repeat(2_000);
    for (int i = 0; i < 1_000; i++) {
      line("gateway-" + i % 3, "request " + i + padding);
    }
    System.gc();
    long before = runtime.totalMemory() - runtime.freeMemory();
    for (int i = 0; i < 500_000; i++) {
      line("gateway-" + i % 3, (i % 100 == 0 ? "error " : "request ") + i + padding);
    }
    System.gc();
    long after = runtime.totalMemory() - runtime.freeMemory();

    assertThat(after - before).as("bytes kept of 1 GB").isLessThan(20_000_000L);
    assertThat(scan.signatures()).isEqualTo(Map.of("error #", 5_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)\\b(panic|fatal|error)\\b",
        "\\b(panic|fatal|error)\\b",
        "(?i)(panic|fatal|error)",
        "(?i)(?:error|err)\\b",
        "(error)",
        "(?i)e.ror|^x",
        "error$"
      })
  void searchingForWordsFirstFindsWhatTheExpressionAloneFinds(String expression) {
    ErrorPattern pattern = new ErrorPattern("key", expression);
    for (String line :
        List.of(
            "error",
            "ERROR",
            "terror error",
            "terror",
            "errors",
            "an err",
            "x",
            "",
            "er",
            "panic!",
            "Fatal: x",
            "no_error",
            "é error é",
            "ſerror",
            "errerror",
            "erroerror.")) {
      assertThat(pattern.find(line))
          .as("%s in '%s'", expression, line)
          .isEqualTo(java.util.regex.Pattern.compile(expression).matcher(line).find());
    }
  }

  @Test
  void linesThatAreAllowedAreNoErrors() {
    LogScan allowing = scan(List.of("known error \\d+"));
    allowing.line("a", null, "known error 7");
    allowing.line("a", null, "unknown error");

    assertThat(allowing.signatures()).containsOnlyKeys("unknown error");
  }

  private static String word(int number) {
    StringBuilder word = new StringBuilder();
    for (int rest = number; rest > 0; rest /= 20) {
      word.append((char) ('g' + rest % 20));
    }
    return word.toString();
  }

  private static LogScan scan(List<String> allowed) {
    return new LogScan(Expectations.config(Duration.ZERO, null, allowed));
  }

  private void line(String instance, String text) {
    scan.line(instance, null, text);
  }
}
