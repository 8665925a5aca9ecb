package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.postgres.FactsReader;
import io.rackgateway.deploy.postgres.PostgresConnector;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * One instant of a database, which {@code pg_dump} can be told to dump while it is held open: what
 * is read here and what is dumped is the same.
 */
final class Snapshot implements AutoCloseable {

  /** Settings of servers and roles that would end a transaction which waits for a dump. */
  private static final String NO_LIMITS =
      "SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings WHERE name IN"
          + " ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')";

  private final Connection connection;
  private final String id;

  private Snapshot(Connection connection, String id) {
    this.connection = connection;
    this.id = id;
  }

  /**
   * @param limit how long it may be held, and how long one question may take
   * @throws SQLException if the database does not answer, or cannot share a snapshot
   */
  static Snapshot open(PostgresUrl url, Duration limit) throws SQLException {
    Connection connection = new PostgresConnector(url, limit).connect();
    try (Statement statement = connection.createStatement()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      statement.execute(NO_LIMITS);
      try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_export_snapshot()")) {
        row.next();
        return new Snapshot(connection, row.getString(1));
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** What {@code pg_dump --snapshot} wants. */
  String id() {
    return id;
  }

  /** Reads every table once. */
  DatabaseFacts facts() throws SQLException {
    return new FactsReader(connection).read();
  }

  List<Catalogue.Entry> catalogue() throws SQLException {
    return Catalogue.read(connection);
  }

  /** Ends a question that is under way in another thread. */
  void abandon() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed already.
    }
  }

  /** Lets the snapshot go. Nothing was changed, so nothing is lost when that fails. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The server ends the transaction of a connection that went away.
    }
  }
}
