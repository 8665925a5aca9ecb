package io.rackgateway.deploy.event;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/**
 * The secret values that this process knows, and their removal from any text that leaves it. Every
 * sink masks: terminal, event file, journal, result, error messages. Thread-safe.
 */
public final class Secrets {

  /** What stands in a text where a secret was. */
  public static final String MASK = "****";

  /** Shorter values are too likely to be part of ordinary words. */
  private static final int SHORTEST = 4;

  private final Set<String> values =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  /**
   * Remembers a value, also in the forms in which it stands in URLs and JSON. Very short values are
   * not masked.
   */
  public synchronized void add(String value) {
    if (value.length() < SHORTEST) {
      return;
    }
    values.add(value);
    values.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
    values.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    values.add(value.replace("\\", "\\\\").replace("\"", "\\\""));
    value.lines().filter(line -> line.length() >= SHORTEST).forEach(values::add);
  }

  /** The text with every known secret replaced by {@link #MASK}. */
  public synchronized String mask(String text) {
    String masked = text;
    for (String value : values) {
      if (masked.contains(value)) {
        masked = masked.replace(value, MASK);
      }
    }
    return masked;
  }
}
