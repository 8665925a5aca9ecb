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

  /** For text: a regular expression, of Java and ECMAScript alike, that must be found in it. */
  String pattern() default "";

  /** What {@link #pattern} asks for, in words that fit after "expected". */
  String expected() default "";

  /** For text: what else the value has to be. */
  Form form() default Form.PLAIN;

  /** The least number, the shortest duration in milliseconds, or the fewest items of a list. */
  int min() default 1;

  /** The greatest number; the default is more than most numbers can usefully be. */
  int max() default 10_000;

  /** Values of the enumeration that are not possible here, as they are written. */
  String[] except() default {};

  /** Keys of the same section that must stand beside this one. */
  String[] needs() default {};

  /** The key as it is written, where the component cannot have that name; empty for the same. */
  String name() default "";

  /** For names with values: whose names they are. */
  Names names() default Names.ENVIRONMENT;

  /**
   * Whether the value may be shown even if it came from an environment variable. Set it where the
   * value cannot hold a secret and where output without it would be of no use, as for a name. Any
   * other text from the environment is masked wherever it would appear.
   */
  boolean shown() default false;

  /** What the names of a mapping are. */
  enum Names {
    /** Variables of an environment. */
    ENVIRONMENT(
        References.NAME,
        "an environment variable",
        "use letters, digits and underscores, a digit not first"),
    /** Fields of an HTTP request: tokens of RFC 9110, section 5.6.2. */
    HEADER(
        "[A-Za-z0-9!#$%&'*+.^_`|~-]+",
        "an HTTP header", "use letters, digits and dashes, as in X-Request-Id");

    private final String pattern;
    private final String what;
    private final String next;

    Names(String pattern, String what, String next) {
      this.pattern = pattern;
      this.what = what;
      this.next = next;
    }

    /** What a whole name must match, in Java and ECMAScript alike. */
    String pattern() {
      return pattern;
    }

    String what() {
      return what;
    }

    String next() {
      return next;
    }
  }

  /** What a text stands for. */
  enum Form {
    PLAIN,
    /** A regular expression of Java. */
    REGEX,
    /** A JDBC URL of the journal; a relative path of an H2 file becomes absolute. */
    JOURNAL,
    /** A URL of a PostgreSQL database, whose password is a secret of its own. */
    POSTGRESQL
  }
}
