package io.rackgateway.deploy.verify.bake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProportionTest {

  /** Of none in n, the bound is 1 - (1 - confidence)^(1/n): the rule of three. */
  @Test
  void theUpperBoundIsThatOfClopperAndPearson() {
    assertThat(new Proportion(0, 100).upper(0.95)).isEqualTo(0.02951, within(1e-5));
    assertThat(new Proportion(0, 600).upper(0.99))
        .isEqualTo(1 - Math.pow(0.01, 1.0 / 600), within(1e-9));
    assertThat(new Proportion(5, 5).upper(0.95)).isEqualTo(1);
    assertThat(new Proportion(0, 0).upper(0.95)).isEqualTo(1);
  }

  /** Fisher's tea: 4 of 4 beside 0 of 4 is one course of 70. */
  @Test
  void moreThanBesideIsFishersExactTest() {
    assertThat(new Proportion(4, 4).likelihoodBeside(new Proportion(0, 4)))
        .isEqualTo(1.0 / 70, within(1e-9));
    assertThat(new Proportion(3, 4).likelihoodBeside(new Proportion(1, 4)))
        .isEqualTo(17.0 / 70, within(1e-9));
    assertThat(new Proportion(3, 4).likelihoodBeside(Proportion.NONE)).isEqualTo(1);
  }

  @Test
  void sharesAreToldWithTheDigitsThatTellSomething() {
    assertThat(new Proportion(7, 540)).hasToString("1.3% (7 of 540)");
    assertThat(new Proportion(0, 0)).hasToString("0% (0 of 0)");
    assertThat(Proportion.percent(0.00012)).isEqualTo("0.012%");
    assertThat(Proportion.percent(1)).isEqualTo("100%");
    assertThat(Proportion.percent(0.05)).isEqualTo("5%");
  }
}
