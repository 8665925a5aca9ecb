package io.rackgateway.deploy.backup.pgdump;

/** Connection strings as libpq reads them: {@code dbname='gate way'}. */
final class ConnectionString {

  private ConnectionString() {}

  /** One that names a database alone; the environment tells the rest. */
  static String ofDatabase(String name) {
    return "dbname='" + name.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
