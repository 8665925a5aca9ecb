package io.rackgateway.deploy.config;

import java.math.BigDecimal;

/**
 * A share of something, written as {@code 1%} or {@code 0.5%}.
 *
 * @param fraction from 0 to 1
 */
public record Percentage(BigDecimal fraction) {

  /** As it is written: {@code 1%}. */
  @Override
  public String toString() {
    return fraction.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
  }
}
