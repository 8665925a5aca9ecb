package io.rackgateway.deploy.restore.server;

/** Texts as SQL writes them. */
public final class Sql {

  private Sql() {}

  /** An SQL identifier. */
  public static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** An SQL text. */
  public static String literal(String text) {
    String doubled = text.replace("'", "''");
    return text.contains("\\") ? " E'" + doubled.replace("\\", "\\\\") + "'" : "'" + doubled + "'";
  }
}
