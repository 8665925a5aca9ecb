package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** True or false. */
record BooleanType() implements ScalarType {

  @Override
  public String label() {
    return "true or false";
  }

  @Override
  public String expected() {
    return label();
  }

  @Override
  public Kind kind() {
    return Kind.BOOLEAN;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Misfit(expected());
    };
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("type", "boolean");
  }
}
