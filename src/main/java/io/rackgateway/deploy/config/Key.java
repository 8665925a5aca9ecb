package io.rackgateway.deploy.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one key of the configuration file on the record component of the same name. The parser,
 * the JSON Schema and the reference in the documentation all come from these. A component that is
 * {@code @Nullable} may be left out, as may one with a default; any other is required.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

  /** What the key means, one or two sentences, with units. */
  String value();

  /**
   * The value that stands when the key is left out, as it would be written in YAML; empty for none.
   */
  String orElse() default "";
}
