package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** A secret. It comes from the environment only. */
record SecretType(Key.Form form) implements ScalarType {

  private static final Pattern POSTGRESQL =
      Pattern.compile("^(?:jdbc:postgresql:|postgres(?:ql)?://)[^\\s]+\\z");

  @Override
  public String label() {
    return "secret";
  }

  @Override
  public String expected() {
    return "a reference to an environment variable, ${NAME}";
  }

  @Override
  public Kind kind() {
    return Kind.TEXT;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    if (form == Key.Form.POSTGRESQL && !POSTGRESQL.matcher(text).find()) {
      throw new Misfit("a URL such as postgresql://user:password@host:5432/name");
    }
    return new Secret(text);
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("$ref", "#/$defs/reference");
  }

  @Override
  public boolean secret() {
    return true;
  }
}
