package io.rackgateway.deploy.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class JdbcTableSizesTest {

  @TempDir static Path folder;
  private static TestPostgres server;
  private static PostgresUrl gateway;

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    server = TestPostgres.start(folder);
    gateway = server.create("gateway", "app", "app-word");
    server.execute(
        "gateway",
        "CREATE SCHEMA audit",
        "CREATE TABLE users AS SELECT i FROM generate_series(1, 5000) i",
        "ANALYZE users",
        "CREATE TABLE never_analysed AS SELECT i FROM generate_series(1, 70) i",
        "CREATE TABLE audit.\"Event \"\"x\"\"\" AS SELECT 1 AS i",
        "CREATE TABLE parts (i INT) PARTITION BY RANGE (i)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (1000)",
        "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (1000) TO (9999)",
        "INSERT INTO parts SELECT generate_series(0, 2999)",
        "ANALYZE parts_1",
        "ANALYZE parts_2",
        "CREATE MATERIALIZED VIEW daily AS SELECT i FROM users LIMIT 12",
        "CREATE TABLE secrets (i INT)",
        "GRANT USAGE ON SCHEMA audit TO app",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public, audit TO app",
        "REVOKE ALL ON secrets FROM app");
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @Test
  void aBigTableIsEstimatedByItsStatistics() {
    assertThat(size("users", 1_000)).isEqualTo(TableSize.estimated(5_000));
    assertThat(size("users", 1_000).text()).isEqualTo("about 5,000 rows");
  }

  @Test
  void aSmallTableIsCounted() {
    assertThat(size("users", 100_000)).isEqualTo(TableSize.counted(5_000));
    assertThat(size("public.never_analysed", 100)).isEqualTo(TableSize.counted(70));
  }

  @Test
  void aTableWithoutStatisticsIsCountedNoFurtherThanMatters() {
    assertThat(size("never_analysed", 50)).isEqualTo(TableSize.atLeast(50));
    assertThat(size("never_analysed", 50).mayReach(50)).isTrue();
  }

  @Test
  void aNameMayBeAnythingThatSqlAllows() {
    assertThat(size("audit.\"Event \"\"x\"\"\"", 100)).isEqualTo(TableSize.counted(1));
  }

  @Test
  void aPartitionedTableIsTheSumOfItsPartitions() {
    assertThat(size("parts", 2_000)).isEqualTo(TableSize.estimated(3_000));
  }

  @Test
  void aMaterializedViewHasRowsToo() {
    assertThat(size("daily", 100)).isEqualTo(TableSize.counted(12));
  }

  @Test
  void aTableThatIsNotThereIsAbsent() {
    assertThat(size("nothing.like_it", 100)).isEqualTo(TableSize.absent());
    assertThat(size("no_such_table", 100).mayReach(0)).isFalse();
  }

  @Test
  void aTableThatMayNotBeReadIsUnknownAndTheOthersAreNot() {
    Map<String, TableSize> sizes =
        new JdbcTableSizes(gateway).of(Set.of("secrets", "users", "\"broken"), 10_000);

    assertThat(sizes.get("secrets").reason()).contains("permission denied for table secrets");
    assertThat(sizes.get("\"broken").how()).isEqualTo(TableSize.How.UNKNOWN);
    assertThat(sizes.get("users")).isEqualTo(TableSize.counted(5_000));
  }

  @Test
  void aServerThatRefusesIsTheReasonForAll() {
    PostgresUrl wrong = server.url("gateway", "app", "s3cr3t-and-wrong");

    Map<String, TableSize> sizes = new JdbcTableSizes(wrong).of(Set.of("users", "parts"), 10);

    assertThat(sizes).hasSize(2);
    assertThat(sizes.get("users").text())
        .startsWith("rows not known: database 'gateway'")
        .contains("password authentication failed")
        .doesNotContain("s3cr3t");
  }

  private static TableSize size(String table, long enough) {
    return new JdbcTableSizes(gateway).of(Set.of(table), enough).get(table);
  }
}
