package io.rackgateway.deploy.journal.jdbc;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Opens journals and keeps their schema current. */
public final class Journals {

  private static final String H2_FILE = "jdbc:h2:file:";
  private static final String SCHEMA_VERSION = "2";

  /** H2's error codes for a file that is open elsewhere. */
  private static final int H2_IN_USE = 90020;

  private final EventJson json;
  private final Clock clock;

  public Journals(EventJson json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /**
   * Opens a journal, making it first where it does not exist.
   *
   * @param url {@code jdbc:h2:file:PATH} or {@code jdbc:postgresql://…}
   * @param properties user and password, where they are not in the URL
   * @param command what this process does, told to whoever finds the journal in use
   * @throws DeployException.Locked if another process has an embedded journal open
   * @throws DeployException.Usage if it cannot be opened or is damaged
   */
  public Journal open(String url, Properties properties, String command) {
    boolean embedded = url.startsWith("jdbc:h2:");
    Optional<Path> file = embedded ? Optional.of(file(url)) : Optional.empty();
    file.ifPresent(Journals::createFolder);
    // WRITE_DELAY=0: what is committed is in the file, whatever happens to this process.
    // DB_CLOSE_ON_EXIT=FALSE: a shutdown hook of H2's would close the journal under a run that is
    // finishing after a signal.
    String full = embedded ? url + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE" : url;
    Connection connection = connect(url, full, properties, file);
    try {
      migrate(connection, full, properties, embedded);
      connection.setAutoCommit(false);
    } catch (SQLException | FlywayException e) {
      closeQuietly(connection);
      throw unusable(url, e);
    }
    Optional<JournalOwner> owner = file.map(path -> JournalOwner.write(path, command));
    return new JdbcJournal(
        connection, json, clock, embedded, () -> owner.ifPresent(JournalOwner::delete));
  }

  /** Whether an embedded journal exists; a shared one is taken to exist. */
  public static boolean exists(String url) {
    return !url.startsWith(H2_FILE) || Files.exists(Path.of(file(url) + ".mv.db"));
  }

  private static Path file(String url) {
    String path = url.substring(H2_FILE.length());
    int options = path.indexOf(';');
    return Path.of(options < 0 ? path : path.substring(0, options)).toAbsolutePath();
  }

  private static Connection connect(
      String url, String full, Properties properties, Optional<Path> file) {
    try {
      return DriverManager.getConnection(full, properties);
    } catch (SQLException e) {
      if (e.getErrorCode() == H2_IN_USE) {
        String owner = file.map(JournalOwner::describe).orElse("another process");
        throw new DeployException.Locked(
            Problem.of(owner + " has the journal open", "wait for it to end; then try again"));
      }
      throw unusable(url, e);
    }
  }

  private static void migrate(
      Connection connection, String url, Properties properties, boolean embedded)
      throws SQLException {
    if (current(connection)) {
      return;
    }
    Flyway flyway =
        Flyway.configure()
            .locations("classpath:io/rackgateway/deploy/journal")
            .table("rack_gateway_deploy_schema")
            .baselineOnMigrate(!embedded)
            .baselineVersion("0")
            .loggers("slf4j")
            .dataSource(url, properties.getProperty("user"), properties.getProperty("password"))
            .load();
    flyway.migrate();
  }

  /** Asking costs a millisecond where starting Flyway costs a few hundred. */
  private static boolean current(Connection connection) {
    try {
      return new Sql(connection)
          .first(
              row -> row.getString(1),
              "SELECT \"version\" FROM \"rack_gateway_deploy_schema\" WHERE \"version\" = ? AND \"success\"",
              SCHEMA_VERSION)
          .isPresent();
    } catch (SQLException e) {
      return false;
    }
  }

  private static void createFolder(Path file) {
    Path folder = file.getParent();
    try {
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the journal's folder " + folder + " cannot be made: " + e.getMessage(),
          "make it writable, or set 'journal' to another place");
    }
  }

  private static DeployException unusable(String url, Exception e) {
    if (url.startsWith(H2_FILE)) {
      Path database = Path.of(file(url) + ".mv.db");
      return new DeployException.Usage(
          Problem.of(
              "the journal " + database + " cannot be read: " + firstLine(e),
              "if it is damaged, move it aside and run 'resume': an interrupted run is then found by its mark on the"
                  + " platform"));
    }
    return new DeployException.Usage(
        Problem.of(
            "the journal's database does not answer: " + firstLine(e),
            "check 'journal' in the configuration and that the database is up"));
  }

  static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(message);
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // The failure that led here is the one to report.
    }
  }
}
