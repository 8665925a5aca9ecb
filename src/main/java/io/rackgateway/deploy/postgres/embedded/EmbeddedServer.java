package io.rackgateway.deploy.postgres.embedded;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL 15 server of this machine's own, on 127.0.0.1 and a free port. All its files are in
 * one folder, which goes away with it, also when this process is asked to end. One that was killed
 * leaves server and folder to the next that starts in the same folder.
 */
public final class EmbeddedServer implements AutoCloseable {

  /** The server's major version. */
  public static final int MAJOR = 15;

  private static final Duration START = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;
  private final Path folder;
  private final Thread hook = new Thread(this::end, "embedded-server-end");
  private boolean ended;

  private EmbeddedServer(EmbeddedPostgres server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /**
   * Starts a server that lets nobody in but its superuser, who needs no password until {@link
   * #admit} is called.
   *
   * @param folder where its data goes; made if need be
   * @param programs where its programs are unpacked, or found unpacked
   * @param settings of the server, by their names in {@code postgresql.conf}
   * @throws DeployException.Usage if it cannot run here
   */
  public static EmbeddedServer start(Path folder, Path programs, Map<String, String> settings) {
    Path absolute = folder.toAbsolutePath();
    Path data = absolute.resolve("data");
    try {
      remove(absolute.resolve("data"));
      Files.createDirectories(absolute);
      Files.createDirectories(programs);
      EmbeddedServer started =
          new EmbeddedServer(launch(absolute, programs.toAbsolutePath(), data, settings), absolute);
      Runtime.getRuntime().addShutdownHook(started.hook);
      return started;
    } catch (IOException | IllegalStateException e) {
      throw cannotRun(folder, e);
    }
  }

  /**
   * Ends the server that works on the data folder, if one does, and removes it with the folder.
   *
   * @param data the folder {@code data} below the server's
   */
  public static void remove(Path data) throws IOException {
    LeftoverServer.end(data);
    Folders.delete(data);
  }

  /** Whether its programs are there for this operating system and processor. */
  public static boolean fitsHere() {
    return System.getProperty("os.name", "").equals("Linux")
        && EmbeddedServer.class.getResource(archive(System.getProperty("os.arch", ""))) != null;
  }

  private static EmbeddedPostgres launch(
      Path folder, Path programs, Path data, Map<String, String> settings) throws IOException {
    if (!UnprivilegedPrograms.needed()) {
      return launchAsSelf(folder, programs, data, settings);
    }
    UnprivilegedPrograms.prepare(programs, data);
    try {
      return launchAsSelf(folder, programs, data, settings);
    } catch (IOException | IllegalStateException e) {
      // The first time there were no programs to prepare: the failed start has unpacked them.
      UnprivilegedPrograms.prepare(programs, data);
      return launchAsSelf(folder, programs, data, settings);
    }
  }

  private static EmbeddedPostgres launchAsSelf(
      Path folder, Path programs, Path data, Map<String, String> settings) throws IOException {
    ProcessBuilder.Redirect log =
        ProcessBuilder.Redirect.appendTo(folder.resolve("postgresql.log").toFile());
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPgBinaryResolver((system, machine) -> programs(machine))
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
            .setErrorRedirector(log);
    settings.forEach(builder::setServerConfig);
    return builder.start();
  }

  /**
   * The server's programs for Linux. The library's own way would leave a script in /tmp to learn
   * the distribution, and would not unpack them again when the folder they were in is gone.
   */
  private static InputStream programs(String machine) {
    String name = archive(machine);
    InputStream found = EmbeddedServer.class.getResourceAsStream(name);
    if (found == null) {
      throw new IllegalStateException(name + " is not on the class path");
    }
    return found;
  }

  private static String archive(String machine) {
    return "/postgres-linux-" + (machine.equals("aarch64") ? "arm_64" : "x86_64") + ".txz";
  }

  /** Runs statements as the superuser; only before {@link #admit}. */
  public void execute(List<String> statements) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw cannotRun(folder, e);
    }
  }

  /**
   * From now on lets in these roles alone, each with its password. Until then any local user could
   * log in as anyone.
   */
  public void admit(List<String> roles) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      Files.writeString(
          folder.resolve("data").resolve("pg_hba.conf"),
          "host all " + String.join(",", roles) + " 127.0.0.1/32 scram-sha-256\n");
      statement.execute("SELECT pg_reload_conf()");
    } catch (IOException | SQLException e) {
      throw cannotRun(folder, e);
    }
  }

  public int port() {
    return server.getPort();
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
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + folder + " could not be removed", e);
    }
  }

  private static DeployException.Usage cannotRun(Path folder, Exception e) {
    return new DeployException.Usage(
        new Problem(
            "the embedded PostgreSQL server could not be started in " + folder + ": " + e,
            "run it as an ordinary user of Linux on x86-64 or ARM64, or use a database of your own",
            Folders.lastLines(folder.resolve("postgresql.log"), 20)));
  }
}
