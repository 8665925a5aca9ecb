package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;

/** A share from 0% to 100%. */
record PercentageType() implements ScalarType {

  private static final String PATTERN = "^(100|[0-9]{1,2}(\\.[0-9]{1,4})?)%$";

  @Override
  public String label() {
    return "percentage";
  }

  @Override
  public String expected() {
    return "a percentage such as 1% or 0.5%";
  }

  @Override
  public Kind kind() {
    return Kind.TEXT;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    if (!text.matches(PATTERN)) {
      throw new Misfit(expected());
    }
    return new Percentage(new BigDecimal(text.substring(0, text.length() - 1)).movePointLeft(2));
  }

  @Override
  public Map<String, Object> schema() {
    return SchemaGenerator.object("type", "string", "pattern", PATTERN);
  }
}
