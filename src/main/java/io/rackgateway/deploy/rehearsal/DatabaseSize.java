package io.rackgateway.deploy.rehearsal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** How big a database's files are. */
final class DatabaseSize {

  /** In bytes, with what the current transaction has written. */
  long now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT pg_catalog.pg_database_size(current_database())")) {
      row.next();
      return row.getLong(1);
    }
  }
}
