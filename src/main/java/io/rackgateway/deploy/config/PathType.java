package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** A path, made absolute; a relative one is relative to the folder of the configuration file. */
record PathType() implements ScalarType {

  @Override
  public String label() {
    return "path";
  }

  @Override
  public String expected() {
    return "a path, absolute or relative to the folder of this file";
  }

  @Override
  public Kind kind() {
    return Kind.TEXT;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    if (text.startsWith("~")) {
      throw new Misfit("a path without ~, for which ${HOME} can stand");
    }
    try {
      return folder.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new Misfit(expected());
    }
  }

  @Override
  public Map<String, Object> schema() {
    return SchemaGenerator.object("$ref", "#/$defs/text", "pattern", "^[^~]");
  }
}
