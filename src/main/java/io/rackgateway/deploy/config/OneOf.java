package io.rackgateway.deploy.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A configuration section of which exactly one of the named keys must be given. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OneOf {
  String[] value();

  /** What the keys choose, as a noun whose plural ends in s: {@code platform}. */
  String noun();
}
