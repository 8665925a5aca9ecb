package io.rackgateway.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class EmbeddedDatabaseTest {

  @TempDir Path folder;

  @Test
  void itsAdminMayChangeTheSchemaAndTheGatewaysRoleMayNot() throws Exception {
    EmbeddedDatabase database = EmbeddedDatabase.start(folder.resolve("database"));
    try {
      execute(database.adminUrl(), "CREATE TABLE a (b TEXT)");
      execute(database.adminUrl(), "CREATE DATABASE scratch");
      assertThatThrownBy(() -> execute(database.appUrl(), "CREATE TABLE c (d TEXT)"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(
              () -> execute(database.adminUrl().replaceFirst(":[0-9a-f]+@", ":wrong@"), "SELECT 1"))
          .hasMessageContaining("password authentication failed");
    } finally {
      database.close();
    }
    assertThat(folder.resolve("database")).doesNotExist();
    assertThatThrownBy(() -> execute(database.adminUrl(), "SELECT 1"))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void aServerWhoseOwnerWasKilledIsEndedByTheNextInItsFolder() throws Exception {
    Path place = folder.resolve("database");
    String orphan;
    Process owner = ownerOf(place, System.getenv("PATH"));
    orphan = urlFrom(owner);
    owner.destroyForcibly().waitFor();
    execute(orphan, "SELECT 1");

    try (EmbeddedDatabase database = EmbeddedDatabase.start(place)) {
      execute(database.adminUrl(), "SELECT 1");
      assertThatThrownBy(() -> execute(orphan, "SELECT 1")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void itEndsWithItsProcess() throws Exception {
    Path place = folder.resolve("database");
    Process owner = ownerOf(place, System.getenv("PATH"));
    String url = urlFrom(owner);
    owner.destroy();
    assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> execute(url, "SELECT 1")).isInstanceOf(SQLException.class);
    assertThat(place).doesNotExist();
  }

  /** In most containers root may not open a user namespace; here there is no program for it. */
  @Test
  void rootWithoutUserNamespacesRunsItAsAnotherUser() throws Exception {
    Path programs = Files.createDirectory(folder.resolve("bin"));
    for (String program : List.of("sh", "setpriv", "id", "cat", "locale", "grep", "uname")) {
      for (String where : List.of("/usr/bin", "/bin")) {
        Path found = Path.of(where, program);
        if (Files.exists(found) && !Files.exists(programs.resolve(program))) {
          Files.createSymbolicLink(programs.resolve(program), found);
        }
      }
    }
    Process owner = ownerOf(folder.resolve("database"), programs.toString());
    try {
      execute(urlFrom(owner), "SELECT 1");
    } finally {
      owner.destroy();
      owner.waitFor();
    }
    assertThat(folder.resolve("database")).doesNotExist();
  }

  private static Process ownerOf(Path place, String path) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PATH", path);
    return builder.start();
  }

  private static String urlFrom(Process owner) throws IOException {
    return new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  private static void execute(String url, String sql) throws SQLException {
    assertThat(url).isNotNull();
    try (Connection connection = new StandInDatabase(url).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A process that owns a server until it is ended. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws Exception {
      EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(arguments[0]));
      System.out.println(database.adminUrl());
      // Until it is killed: nobody writes to its standard input.
      System.exit(System.in.read());
    }
  }
}
