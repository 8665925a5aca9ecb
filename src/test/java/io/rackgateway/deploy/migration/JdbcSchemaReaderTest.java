package io.rackgateway.deploy.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class JdbcSchemaReaderTest {

  private static final String PASSWORD = "p@ss:w/rd%&'\" \\";

  @TempDir static Path folder;
  private static TestPostgres server;
  private static PostgresUrl gateway;

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    server = TestPostgres.start(folder);
    gateway = server.create("gateway", "app", PASSWORD);
    server.execute(
        "gateway",
        "CREATE TABLE public.schema_migrations (version TEXT PRIMARY KEY, applied_at TIMESTAMPTZ)",
        "ALTER TABLE public.schema_migrations OWNER TO app",
        "INSERT INTO public.schema_migrations VALUES ('20250102000000'), ('20250101000000')");
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @Test
  void readsTheAppliedVersionsInOrder() {
    assertThat(read(gateway))
        .isEqualTo(SchemaState.of(List.of("20250101000000", "20250102000000")));
  }

  @Test
  void aTableWithoutRowsIsKnownToHoldNone() throws SQLException {
    PostgresUrl empty = server.create("empty", "empty_app", PASSWORD);
    server.execute(
        "empty",
        "CREATE TABLE public.schema_migrations (version TEXT)",
        "GRANT SELECT ON public.schema_migrations TO empty_app");

    assertThat(read(empty)).isEqualTo(SchemaState.of(List.of()));
  }

  @Test
  void aDatabaseWithoutTheTableIsProbablyTheWrongOne() throws SQLException {
    PostgresUrl other = server.create("other", "other_app", PASSWORD);

    assertUnknown(other, "database 'other'", "it has no table public.schema_migrations");
  }

  @Test
  void aWrongPasswordIsTheReasonAndIsNotInIt() {
    PostgresUrl wrong = server.url("gateway", "app", "s3cr3t-and-wrong");

    assertUnknown(wrong, "user 'app'", "password authentication failed");
  }

  @Test
  void aDatabaseThatIsNotThereIsTheReason() {
    assertUnknown(server.url("nowhere", "app", PASSWORD), "database \"nowhere\" does not exist");
  }

  @Test
  void aTableThatMayNotBeReadIsTheReason() throws SQLException {
    server.execute("postgres", "CREATE ROLE outsider LOGIN PASSWORD 'outsider-pw'");

    assertUnknown(
        server.url("gateway", "outsider", "outsider-pw"),
        "user 'outsider'",
        "permission denied for table schema_migrations");
  }

  @Test
  void aServerThatIsNotThereIsTheReason() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    assertUnknown(
        PostgresUrl.parse(
            "database.url", new Secret("postgresql://app:s3cr3t@127.0.0.1:" + free + "/x")),
        "at 127.0.0.1:" + free,
        "connection refused");
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void aServerThatStaysSilentIsGivenUpSoon() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertUnknown(
          PostgresUrl.parse(
              "database.url",
              new Secret("postgresql://app:s3cr3t@127.0.0.1:" + silent.getLocalPort() + "/x")),
          "database 'x'");
    }
  }

  @Test
  void anAbstractUnixSocketIsTheReason() {
    assertUnknown(
        PostgresUrl.parse("database.url", new Secret("postgresql://app@/x?host=@postgresql")),
        "abstract Unix socket");
  }

  private static SchemaState read(PostgresUrl url) {
    return new JdbcSchemaReader(url).read();
  }

  private static void assertUnknown(PostgresUrl url, String... reasons) {
    SchemaState state = read(url);
    assertThat(state.known()).isFalse();
    assertThat(state.unknown()).contains(reasons).doesNotContain(PASSWORD, "s3cr3t", "\n");
  }
}
