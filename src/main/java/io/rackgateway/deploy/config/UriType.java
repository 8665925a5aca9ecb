package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;

/** A URI with a host. */
record UriType(Key key) implements ScalarType {

  @Override
  public String label() {
    return "URL";
  }

  @Override
  public String expected() {
    return key.expected();
  }

  @Override
  public Kind kind() {
    return Kind.TEXT;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    try {
      URI uri = new URI(TextType.matching(key, text));
      if (uri.getHost() != null && uri.getPort() <= 65535) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Falls through: the place within the text helps less than what was expected.
    }
    throw new Misfit(expected());
  }

  @Override
  public Map<String, Object> schema() {
    return SchemaGenerator.object("$ref", "#/$defs/text", "pattern", key.pattern());
  }

  @Override
  public boolean masked() {
    return !key.shown();
  }
}
