package io.rackgateway.deploy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.DeployException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {

  @Test
  void allPartsReachChildProcessesAsEnvironment() {
    PostgresUrl url =
        parse(
            "postgresql://app:secret@db.example.com:6432/gateway"
                + "?sslmode=verify-full&sslrootcert=/etc/ca%20x.pem&connect_timeout=7");

    assertThat(url.environment())
        .containsAllEntriesOf(
            Map.of(
                "PGHOST", "db.example.com",
                "PGPORT", "6432",
                "PGDATABASE", "gateway",
                "PGUSER", "app",
                "PGPASSWORD", "secret",
                "PGSSLMODE", "verify-full",
                "PGSSLROOTCERT", "/etc/ca x.pem",
                "PGCONNECT_TIMEOUT", "7"));
  }

  @Test
  void variablesOfTheCallerDoNotLeadADumpToAnotherServer() {
    assertThat(parse("postgres://app@db/gateway").environment())
        .containsEntry("PGHOSTADDR", "")
        .containsEntry("PGOPTIONS", "")
        .containsEntry("PGSSLMODE", "prefer");
  }

  @Test
  void allPartsReachTheJdbcDriverAndNoneThatIsSecretStandsInItsUrl() {
    PostgresUrl url =
        parse("postgresql://app:secret@db:6432/my%20db?sslmode=require&application_name=x");

    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db:6432/my%20db");
    assertThat(url.jdbcProperties())
        .containsEntry("user", "app")
        .containsEntry("password", "secret")
        .containsEntry("sslmode", "require")
        .containsEntry("ApplicationName", "x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "p%40ss%3Aw%2Frd p@ss:w/rd",
        "%25%26%27%22%5C%3F%23 %&'\"\\?#",
        "a+b a+b",
        "raw@at raw@at",
        "raw?mark raw?mark",
        "raw:colon raw:colon",
        "%C3%A4%E2%82%AC ä€"
      })
  void aPasswordMayHoldAnyCharacter(String written, String password) {
    PostgresUrl url = parse("postgres://app:" + written + "@db:5432/gateway?sslmode=disable");

    assertThat(url.password()).isEqualTo(password);
    assertThat(url.display()).isEqualTo("database 'gateway' at db:5432, user 'app'");
    assertThat(url.options()).containsOnlyKeys("sslmode");
  }

  @Test
  void theJdbcFormMeansTheSame() {
    PostgresUrl url =
        parse("jdbc:postgresql://db/gateway?user=app&password=p%26w+x&ssl=true&connectTimeout=3");

    assertThat(url.user()).isEqualTo("app");
    assertThat(url.password()).isEqualTo("p&w x");
    assertThat(url.environment())
        .containsEntry("PGSSLMODE", "verify-full")
        .containsEntry("PGCONNECT_TIMEOUT", "3")
        .containsEntry("PGPORT", "5432");
  }

  @Test
  void anIpv6AddressStandsInBrackets() {
    PostgresUrl url = parse("postgresql://app@[2001:db8::1]:6432/gateway");

    assertThat(url.environment()).containsEntry("PGHOST", "2001:db8::1");
    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://[2001:db8::1]:6432/gateway");
  }

  @Test
  void severalServersAreTriedInTheirOrder() {
    PostgresUrl url =
        parse("postgresql://app@one:1,two,[::1]:3/gateway?target_session_attrs=read-write");

    assertThat(url.environment())
        .containsEntry("PGHOST", "one,two,::1")
        .containsEntry("PGPORT", "1,5432,3")
        .containsEntry("PGTARGETSESSIONATTRS", "read-write");
    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://one:1,two:5432,[::1]:3/gateway");
    assertThat(url.jdbcProperties()).containsEntry("targetServerType", "primary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://app@/gateway?host=/run/postgresql",
        "postgresql://app@%2Frun%2Fpostgresql/gateway"
      })
  void aUnixSocketIsForLibpqAndForJava(String text) {
    PostgresUrl url = parse(text);

    assertThat(url.environment()).containsEntry("PGHOST", "/run/postgresql");
    assertThat(url.jdbcObstacle()).isEmpty();
    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://localhost:5432/gateway");
    assertThat(url.jdbcProperties())
        .containsEntry("socketFactoryArg", "/run/postgresql")
        .containsEntry("sslmode", "disable");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://app@/gateway?host=@abstract",
        "postgresql://app@/gateway?host=/run/postgresql,db.example.com"
      })
  void whatJavaCannotConnectToIsNamed(String text) {
    assertThat(parse(text).jdbcObstacle().orElseThrow()).contains("Java cannot connect to");
  }

  @Test
  void theDatabaseIsNamedAfterTheUserUnlessItIsNamed() {
    assertThat(parse("postgresql://app@db").database()).isEqualTo("app");
  }

  @Test
  void parametersThatTuneOneClientAreLeftOut() {
    assertThat(parse("postgres://a@db/g?pool_max_conns=5&search_path=public").options()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql://app:s3cr3t@db/x | does not begin with postgresql://",
        "s3cr3t | does not begin with postgresql://",
        "'' | is empty",
        "postgresql:///gateway | names no host",
        "postgresql://app:s3cr3t%zz@db/x | a '%' in its password",
        "postgresql://app:s3cr3t/x@db/x | a '/' before the '@'",
        "postgresql://app:s3cr3t@db:port/x | a port that is not a number",
        "postgresql://app:s3cr3t@db:70000/x | a port that is not a number",
        "postgresql://app:s3cr3t@[::1/x | closing bracket",
        "postgresql://app:s3cr3t@db/x?sslmod=require | a parameter 'sslmod'",
        "postgresql://app:s3cr3t@db/x?sslmode | a parameter without a value",
        "postgresql://app:s3cr3t@a,b,c/x?port=1,2 | 3 hosts but 2 ports"
      })
  void anythingElseIsAUsageErrorThatTellsNothingOfThePassword(String text, String reason) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            DeployException.Usage.class,
            e ->
                assertThat(e.problem().summary() + e.problem().next())
                    .startsWith("database.url ")
                    .contains(reason)
                    .contains("postgresql://user:password@host:5432/name")
                    .doesNotContain("s3cr3t"));
  }

  @Test
  void thePasswordIsInNoTextForm() {
    assertThat(parse("postgresql://app:s3cr3t@db/x").toString()).doesNotContain("s3cr3t");
  }

  private static PostgresUrl parse(String text) {
    return PostgresUrl.parse("database.url", new Secret(text));
  }
}
