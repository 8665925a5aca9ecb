package io.rackgateway.deploy.migration.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rackgateway.deploy.migration.lint.MigrationCorpus.Case;
import io.rackgateway.deploy.migration.lint.MigrationCorpus.Expected;
import io.rackgateway.deploy.model.PendingMigration.Kind;
import io.rackgateway.deploy.postgres.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds what the corpus says of each migration against a real server: it runs the migration in one
 * transaction, as the gateway does, on a copy of a database of the previous version, and then what
 * the previous version asks and writes, as the restricted role.
 */
@Tag("postgres")
class MigrationsOnPostgresTest {

  private static final String APP = "gateway_app";
  private static final String PASSWORD = "app-word";
  private static final String EMPTY = "old_empty";
  private static final String FILLED = "old_filled";

  /** Those under which writers wait, weakest first. */
  private static final Set<String> WRITERS_WAIT =
      Set.of("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock");

  @TempDir static Path folder;
  private static TestPostgres server;
  private static int copies;

  private final List<String> made = new ArrayList<>();

  @BeforeAll
  static void makeTheOldDatabases() throws IOException, SQLException {
    server = TestPostgres.start(folder);
    server.execute(
        "postgres",
        "CREATE ROLE " + APP + " LOGIN PASSWORD '" + PASSWORD + "'",
        "CREATE DATABASE " + EMPTY);
    server.execute(EMPTY, MigrationCorpus.oldSchema());
    server.execute("postgres", "CREATE DATABASE " + FILLED + " TEMPLATE " + EMPTY);
    server.execute(FILLED, MigrationCorpus.oldRows());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void dropCopies() throws SQLException {
    for (String copy : made) {
      server.execute("postgres", "DROP DATABASE " + copy + " WITH (FORCE)");
    }
  }

  static List<Case> corpus() {
    return MigrationCorpus.cases();
  }

  static List<Case> failing() {
    return corpus().stream()
        .filter(
            migration ->
                migration.expects(Kind.DEPENDS_ON_DATA) || migration.note("fails").isPresent())
        .toList();
  }

  @Test
  void thePreviousVersionWorksWithItsOwnSchema() throws SQLException {
    assertThat(brokenQueries(copyOf(FILLED))).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corpus")
  void doesToThePreviousVersionAndToOthersWhatTheLintSays(Case migration) throws SQLException {
    boolean fails = migration.note("fails").isPresent();
    boolean unclear = migration.expects(Kind.UNCLEAR);
    assumeThat(fails && unclear).as("it never runs, and nothing is claimed").isFalse();
    String database = copyOf(fails ? EMPTY : FILLED);

    Observed observed = run(database, migration.sql());
    List<String> broken = new ArrayList<>();
    if (fails) {
      failure(database, MigrationCorpus.oldRows()).ifPresent(broken::add);
    }
    if (broken.isEmpty()) {
      broken.addAll(brokenQueries(database));
    }

    Set<String> locked = tablesOf(migration, Kind.LOCKS);
    assertThat(observed.rewritten()).as("tables written anew").isSubsetOf(locked);
    if (!unclear) {
      assertThat(observed.locked()).as("tables that writers wait for").containsAll(locked);
      boolean breaks = migration.expects(Kind.BREAKS_OLD_VERSION);
      assertThat(broken.isEmpty())
          .as("the previous version works; broken: %s", broken)
          .isEqualTo(!breaks || migration.note("conservative").isPresent());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failing")
  void failsOnBadRowsWhereTheLintSaysItMay(Case migration) throws SQLException {
    try (Connection connection = connect(FILLED, "postgres", "")) {
      connection.setAutoCommit(false);
      execute(connection, migration.note("bad-rows").orElse("SELECT 1"));

      assertThatThrownBy(() -> execute(connection, migration.sql()))
          .isInstanceOfSatisfying(
              SQLException.class,
              failure ->
                  // Classes 22, data exception, and 23, integrity constraint violation.
                  assertThat(failure.getSQLState())
                      .matches(migration.note("fails").orElse("2[23].*")));
      connection.rollback();
    }
  }

  private static Set<String> tablesOf(Case migration, Kind kind) {
    Set<String> tables = new TreeSet<>();
    migration.expected().stream()
        .filter(finding -> finding.kind() == kind)
        .map(Expected::table)
        .map(table -> table.startsWith("public.") ? table.substring("public.".length()) : table)
        .forEach(tables::add);
    return tables;
  }

  /**
   * What was seen of a migration before it was committed.
   *
   * @param rewritten tables with rows whose file is another one
   * @param locked tables on which it holds a lock that keeps writers off, or locked rows
   */
  private record Observed(Set<String> rewritten, Set<String> locked) {}

  private static Observed run(String database, String sql) throws SQLException {
    try (Connection connection = connect(database, "postgres", "")) {
      connection.setAutoCommit(false);
      Map<String, String> before = files(connection);
      execute(connection, sql);
      Set<String> rewritten = new TreeSet<>();
      files(connection)
          .forEach(
              (table, file) -> {
                if (!file.equals(before.getOrDefault(table, file)) && hasRows(connection, table)) {
                  rewritten.add(table);
                }
              });
      Set<String> locked = locks(connection);
      connection.commit();
      return new Observed(rewritten, locked);
    }
  }

  private static Map<String, String> files(Connection connection) throws SQLException {
    Map<String, String> files = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT oid::regclass::text, relfilenode FROM pg_class WHERE relkind = 'r'"
                    + " AND relnamespace IN ('public'::regnamespace, to_regnamespace('audit'))")) {
      while (rows.next()) {
        files.put(rows.getString(1), rows.getString(2));
      }
    }
    return files;
  }

  private static boolean hasRows(Connection connection, String table) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + table + ")")) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException(table + " cannot be read", e);
    }
  }

  /** Rows that were changed are locked too; the lock on their table tells of that. */
  private static Set<String> locks(Connection connection) throws SQLException {
    Set<String> tables = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT relation::regclass::text, mode FROM pg_locks"
                    + " WHERE pid = pg_backend_pid() AND locktype = 'relation'")) {
      while (rows.next()) {
        String mode = rows.getString(2);
        if (WRITERS_WAIT.contains(mode) || mode.equals("RowExclusiveLock")) {
          tables.add(rows.getString(1));
        }
      }
    }
    return tables;
  }

  /** Those of the previous version's queries that fail, or find nothing. Each is rolled back. */
  private static List<String> brokenQueries(String database) throws SQLException {
    List<String> broken = new ArrayList<>();
    try (Connection connection = connect(database, APP, PASSWORD)) {
      connection.setAutoCommit(false);
      for (String query : MigrationCorpus.oldQueries()) {
        try (Statement statement = connection.createStatement()) {
          boolean reads = statement.execute(query);
          if (reads && !statement.getResultSet().next()) {
            broken.add(query + ": no rows");
          }
        } catch (SQLException e) {
          broken.add(query + ": " + e.getMessage());
        }
        connection.rollback();
      }
    }
    return broken;
  }

  private static Optional<String> failure(String database, String sql) {
    try {
      server.execute(database, sql);
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private String copyOf(String template) throws SQLException {
    String copy = "copy_" + ++copies;
    server.execute(
        "postgres", "CREATE DATABASE " + copy + " TEMPLATE " + template + " STRATEGY FILE_COPY");
    made.add(copy);
    return copy;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private static Connection connect(String database, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, user, password);
  }
}
