package io.rackgateway.deploy.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One condition on going on.
 *
 * @param name stable, lower case: {@code compatibility}
 * @param evidence what was found, one sentence without secrets
 * @param next what to do about a warning or a block; null when passed
 */
public record Gate(String name, Result result, String evidence, @Nullable String next) {

  /** How the gate stands. */
  public enum Result {
    PASS,
    WARN,
    BLOCK;

    /** The name in output and events. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Gate pass(String name, String evidence) {
    return new Gate(name, Result.PASS, evidence, null);
  }

  public static Gate warn(String name, String evidence, String next) {
    return new Gate(name, Result.WARN, evidence, next);
  }

  public static Gate block(String name, String evidence, String next) {
    return new Gate(name, Result.BLOCK, evidence, next);
  }
}
