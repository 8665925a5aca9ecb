package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.util.Map;

/** A whole number in a range, both ends included. */
record IntegerType(int min, int max) implements ScalarType {

  @Override
  public String label() {
    return "number";
  }

  @Override
  public String expected() {
    return "a whole number from " + min + " to " + max;
  }

  @Override
  public Kind kind() {
    return Kind.INTEGER;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    if (text.matches("-?[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw new Misfit(expected());
  }

  @Override
  public Map<String, Object> schema() {
    return SchemaGenerator.object("type", "integer", "minimum", min, "maximum", max);
  }
}
