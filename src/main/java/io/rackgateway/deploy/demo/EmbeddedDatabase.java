package io.rackgateway.deploy.demo;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL 15 server of this machine's own, on 127.0.0.1 and a free port, with the gateway's
 * database and its two roles: one that may migrate and create databases, and a restricted one for
 * the server. All its files are in one folder, which goes away with it.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final String NAME = "rack_gateway";
  private static final String ADMIN = "rack_gateway_admin";
  private static final String APP = "rack_gateway_app";
  private static final Duration START = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;
  private final Path folder;
  private final Thread hook = new Thread(this::end, "embedded-database-end");
  private final String adminPassword;
  private final String appPassword;
  private boolean ended;

  private EmbeddedDatabase(EmbeddedPostgres server, Path folder) {
    this.server = server;
    this.folder = folder;
    this.adminPassword = password();
    this.appPassword = password();
  }

  /** {@link #start(Path, Path)} with the server's programs unpacked below the same folder. */
  public static EmbeddedDatabase start(Path folder) {
    return start(folder, folder.resolve("programs"));
  }

  /**
   * Starts a server. What a server that was not ended left in the folder is ended and removed
   * first.
   *
   * @param folder where its data goes; made if need be
   * @param programs where its programs are unpacked, or found unpacked
   * @throws DeployException.Usage if it cannot run here
   */
  public static EmbeddedDatabase start(Path folder, Path programs) {
    Path absolute = folder.toAbsolutePath();
    Path data = absolute.resolve("data");
    try {
      LeftoverServer.end(data);
      deleteAll(data);
      Files.createDirectories(absolute);
      Files.createDirectories(programs);
      EmbeddedDatabase database =
          new EmbeddedDatabase(launch(absolute, programs.toAbsolutePath(), data), absolute);
      Runtime.getRuntime().addShutdownHook(database.hook);
      database.createRoles(data);
      return database;
    } catch (IOException | SQLException | IllegalStateException e) {
      throw new DeployException.Usage(
          new Problem(
              "the embedded PostgreSQL server could not be started in " + folder + ": " + e,
              "run it as an ordinary user of Linux on x86-64 or ARM64, or use a database of your own",
              logOf(folder)));
    }
  }

  private static EmbeddedPostgres launch(Path folder, Path programs, Path data) throws IOException {
    if (!UnprivilegedPrograms.needed()) {
      return launchAsSelf(folder, programs, data);
    }
    UnprivilegedPrograms.prepare(programs, data);
    try {
      return launchAsSelf(folder, programs, data);
    } catch (IOException | IllegalStateException e) {
      // The first time there were no programs to prepare: the failed start has unpacked them.
      UnprivilegedPrograms.prepare(programs, data);
      return launchAsSelf(folder, programs, data);
    }
  }

  private static EmbeddedPostgres launchAsSelf(Path folder, Path programs, Path data)
      throws IOException {
    ProcessBuilder.Redirect log =
        ProcessBuilder.Redirect.appendTo(folder.resolve("postgresql.log").toFile());
    return EmbeddedPostgres.builder()
        // A resolver of its own: the library keeps unpacked programs by resolver, wherever they
        // are.
        .setPgBinaryResolver(
            (system, machine) ->
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine))
        .setOverrideWorkingDirectory(programs.toFile())
        .setDataDirectory(data)
        .setCleanDataDirectory(true)
        .setRegisterShutdownHook(false)
        .setServerConfig("listen_addresses", "127.0.0.1")
        // Its socket would be a file in /tmp, left there by a server that was killed.
        .setServerConfig("unix_socket_directories", "")
        .setLocaleConfig("locale", "C")
        .setPGStartupWait(START)
        .setOutputRedirector(log)
        .setErrorRedirector(log)
        .start();
  }

  /** Any local user could log in as anyone until passwords are asked for. */
  private void createRoles(Path data) throws IOException, SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE ROLE " + ADMIN + " LOGIN CREATEDB PASSWORD '" + adminPassword + "'");
      statement.execute("CREATE ROLE " + APP + " LOGIN PASSWORD '" + appPassword + "'");
      statement.execute("CREATE DATABASE " + NAME + " OWNER " + ADMIN);
      Files.writeString(
          data.resolve("pg_hba.conf"),
          "host all " + ADMIN + "," + APP + " 127.0.0.1/32 scram-sha-256\n");
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  public int port() {
    return server.getPort();
  }

  /** The role that may migrate: {@code postgres://…}, with its password. */
  public String adminUrl() {
    return url(ADMIN, adminPassword);
  }

  /**
   * The restricted role that the gateway's server uses: {@code postgres://…}, with its password.
   */
  public String appUrl() {
    return url(APP, appPassword);
  }

  private String url(String role, String password) {
    return "postgres://"
        + role
        + ":"
        + password
        + "@127.0.0.1:"
        + port()
        + "/"
        + NAME
        + "?sslmode=disable";
  }

  /** Ends the server and removes its folder. */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The machine is shutting down: the hook is running or has run, and finds nothing to do.
    }
  }

  private synchronized void end() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      server.close();
      deleteAll(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + folder + " could not be removed", e);
    }
  }

  private static String password() {
    byte[] bytes = new byte[12];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static List<String> logOf(Path folder) {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("postgresql.log"));
      return lines.subList(Math.max(0, lines.size() - 20), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void deleteAll(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
