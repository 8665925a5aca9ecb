package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.event.Sensitive;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Shows the variables of a gateway by their names, never by their values. */
public final class Variables {

  private Variables() {}

  /**
   * One line for each variable, sorted: its name, and whether it has a value.
   *
   * @param secrets is told the values, or parts of them, that look like secrets
   */
  public static String names(Map<String, String> variables, Consumer<String> secrets) {
    variables.forEach((name, value) -> Sensitive.parts(name, value).forEach(secrets));
    return new TreeMap<>(variables)
        .entrySet().stream()
            .map(variable -> variable.getKey() + (variable.getValue().isEmpty() ? "  empty" : ""))
            .collect(Collectors.joining("\n"));
  }
}
