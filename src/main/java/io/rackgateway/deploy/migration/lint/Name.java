package io.rackgateway.deploy.migration.lint;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of something in a database.
 *
 * @param schema null where none is written
 */
record Name(@Nullable String schema, String name) {

  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_$]*");

  static Name of(String name) {
    return new Name(null, name);
  }

  /** The same for {@code users} and {@code public.users}. */
  String key() {
    String prefix = schema;
    return prefix == null || prefix.equals("public") ? quoted(name) : toString();
  }

  /** As it can stand in SQL, quoted where it has to be. */
  @Override
  public String toString() {
    String prefix = schema;
    return (prefix == null ? "" : quoted(prefix) + ".") + quoted(name);
  }

  private static String quoted(String part) {
    return PLAIN.matcher(part).matches() ? part : '"' + part.replace("\"", "\"\"") + '"';
  }
}
