package io.rackgateway.deploy.verify.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorSignatureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          2025/01/29 12:34:56 ERROR dial tcp 10.0.0.7:5432: i/o timeout | ERROR dial tcp #: i/o timeout
          2025-01-29T12:34:56.123+01:00 panic: no token                 | panic: no token
          error: request 7f3a99c1 of user alice@example.com took 12.5ms | error: request # of user # took #
          error in job 550e8400-e29b-41d4-a716-446655440000             | error in job #
          error in job deadbeefcafebabe                                 | error in job #
          error: goroutine 17 at 0xc000123456                           | error: goroutine # at #
          error: pool "main" of 'a b' is `x`                            | error: pool "#" of '#' is `#`
          error: GET https://rack.example.com/apps/7?x=1 refused        | error: GET https://# refused
          error: can't open file for worker12                           | error: can't open file for worker#
          error: x509: certificate has expired                          | error: x#: certificate has expired
          {"level":"error","msg":"job failed","n":3}                    | {"level":"#","msg":"#","n":#}
          error: [fe80::1ff:fe23:4567:890a]:443 is unreachable          | error: [#]:# is unreachable
          """)
  void whatDiffersFromOneTimeToTheNextIsLeftOut(String line, String signature) {
    assertThat(ErrorSignature.of(line)).isEqualTo(signature);
  }

  @Test
  void theSameErrorAtAnotherTimeAndPlaceHasTheSameSignature() {
    assertThat(
            ErrorSignature.of(
                "2025/01/29 12:34:56 ERROR rack proxy: POST /apps/web7/builds for bob@example.com:"
                    + " dial tcp 10.1.2.3:443: connect: connection refused (request a81bc81b)"))
        .isEqualTo(
            ErrorSignature.of(
                "2026/11/01 00:00:00 ERROR rack proxy: POST /apps/web12/builds for eve@example.org:"
                    + " dial tcp 192.168.0.77:8443: connect: connection refused (request 00ff91d2)"));
  }

  @Test
  void otherErrorsHaveOtherSignatures() {
    assertThat(ErrorSignature.of("ERROR rack proxy: connection refused"))
        .isNotEqualTo(ErrorSignature.of("ERROR rack proxy: connection reset"));
  }

  @Test
  void theLongestLineHasAShortSignature() {
    assertThat(ErrorSignature.of("error " + "word ".repeat(1_000_000)).length())
        .isLessThanOrEqualTo(200);
    assertThat(ErrorSignature.of("\"".repeat(100_000)).length()).isLessThanOrEqualTo(200);
  }

  @Test
  void aLineOfNothingButATimeStillHasOne() {
    assertThat(ErrorSignature.of("12:34:56")).isNotEmpty();
    assertThat(ErrorSignature.of("")).isEmpty();
  }
}
