package io.rackgateway.deploy.convox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The environment of a release in the form in which racks keep it. */
public final class RackEnvironment {

  private RackEnvironment() {}

  /**
   * Reads lines of {@code NAME=VALUE}. Empty lines and those without a {@code =} say nothing, as
   * the rack itself reads them.
   */
  public static Map<String, String> parse(String text) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        variables.put(line.substring(0, equals).strip(), line.substring(equals + 1));
      }
    }
    return variables;
  }

  /** Writes what {@link #parse} reads. */
  public static String text(Map<String, String> variables) {
    return variables.entrySet().stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .collect(Collectors.joining("\n"));
  }
}
