package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.util.Map;

/** A whole number, at least {@code min}. */
record IntegerType(int min) implements ScalarType {

  /** More than any number here can usefully be. */
  private static final int MAX = 10_000;

  @Override
  public String label() {
    return "number";
  }

  @Override
  public String expected() {
    return "a whole number from " + min + " to " + MAX;
  }

  @Override
  public Kind kind() {
    return Kind.INTEGER;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    if (text.matches("-?[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= min && number <= MAX) {
        return number;
      }
    }
    throw new Misfit(expected());
  }

  @Override
  public Map<String, Object> schema() {
    return SchemaGenerator.object("type", "integer", "minimum", min, "maximum", MAX);
  }
}
