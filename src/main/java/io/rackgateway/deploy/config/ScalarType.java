package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.util.Map;

/**
 * The type of a single value: how its text is read, and what the JSON Schema says of it. Both stand
 * together, so that they agree.
 */
interface ScalarType {

  /** Its name in the documentation: {@code duration}. */
  String label();

  /** What is asked for, in words that fit after "expected". */
  String expected();

  /**
   * The kinds of YAML scalars it may be written as; from the environment it always comes as text.
   */
  Kind kind();

  /**
   * Reads a value.
   *
   * @param text without references
   * @param folder what relative paths are relative to
   */
  Object parse(String text, Path folder) throws Misfit;

  /** The keywords of JSON Schema for a value without references. */
  Map<String, Object> schema();

  /** Whether it must come from the environment and is never shown. */
  default boolean secret() {
    return false;
  }

  /** Whether a value that came from the environment is masked in all output. */
  default boolean masked() {
    return secret();
  }
}
