package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code diagnose} finds out, and what it leaves behind for a ticket. */
@Tag("postgres")
class HostDiagnoseIT {

  /** Planted where the gateway and this tool could pick them up; none may come out. */
  private static final Map<String, String> PLANTED =
      Map.of(
          "APP_SECRET_KEY", "planted-secret-key-0001",
          "SESSION_TOKEN", "planted-token-0002",
          "OTHER_DATABASE_URL", "postgres://joe:planted-dsn-0003@db.internal/other");

  @TempDir static Path folder;

  private static HostSite site;

  @BeforeAll
  static void prepare() throws Exception {
    site = HostSite.prepare(folder);
    Path file = site.gateway().resolve("gateway.env");
    StringBuilder text = new StringBuilder(Files.readString(file));
    PLANTED.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    Files.writeString(file, text);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @BeforeEach
  void reset() throws Exception {
    site.reset();
    HostSite.delete(site.folder.resolve("out"));
  }

  private static Ended diagnose(String... more) throws Exception {
    return site.tool()
        .run(Stream.concat(Stream.of("diagnose"), Stream.of(more)).toArray(String[]::new))
        .withExitCode(0);
  }

  private static String page(Ended ended) throws IOException {
    List<String> lines = ended.out().lines().toList();
    return Files.readString(Path.of(lines.get(lines.size() - 2)));
  }

  private static String guess(Ended ended) {
    List<String> lines = ended.out().lines().toList();
    return lines.get(lines.size() - 1);
  }

  private static void assertHoldsNoSecret(Path place) throws IOException {
    List<String> secrets =
        List.of(
            "planted-", HostSite.TOKEN, site.database.appPassword(), site.database.adminPassword());
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secrets);
      }
    }
  }

  @Test
  void ofAGatewayThatIsWell() throws Exception {
    Ended ended = diagnose("--out", "out");

    assertThat(guess(ended)).isEqualTo("nothing wrong was found");
    String page = page(ended);
    assertThat(page)
        .contains("## Instances", "running", "## Health from outside", "status      200")
        .contains("PostgreSQL   1", "6 migrations, newest")
        .contains("'migrate --dry-run' and 'migrate --verbose' do not exist")
        .contains("RGW_DATABASE_URL", "PORT")
        .contains("there is no journal yet");
    assertThat(HostSite.names(site.folder.resolve("out")))
        .contains("index.md", "processes.txt", "releases.txt", "environment.txt", "logs.txt")
        .contains("logs-start.txt", "configuration.txt", "database.txt", "journal.txt");
    assertThat(Files.readString(site.folder.resolve("out/logs.txt"))).contains("Server listening");
    assertThat(site.folder.resolve(".rack-gateway/journal.mv.db"))
        .as("a diagnosis makes no journal")
        .doesNotExist();
  }

  @Test
  void isForItsOwnersEyesOnly() throws Exception {
    diagnose("--out", "out");

    Path out = site.folder.resolve("out");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void holdsNoSecretNotEvenOneThatTheGatewayLogged() throws Exception {
    Files.writeString(
        site.gateway().resolve("logs/v1.0.0.log"),
        """
        2026/01/15 03:15:00 starting with planted-secret-key-0001
        2026/01/15 03:15:00 error: dial postgres://joe:planted-dsn-0003@db.internal/other
        2026/01/15 03:15:00 error: Authorization: Bearer planted-bearer-0004
        2026/01/15 03:15:00 {"client_secret": "planted-json-0005", "token":"planted-json-0006"}
        2026/01/15 03:15:00 GET /callback?code=planted-code-0007&x=1 error
        password = 'planted quoted 0008'
        unknown rgw_planted-0009 error
        """);

    Ended ended = diagnose("--out", "out");

    assertHoldsNoSecret(site.folder.resolve("out"));
    assertThat(ended.out() + ended.err()).doesNotContain("planted");
    assertThat(page(ended))
        .as("the rest of the lines is there")
        .contains("starting with ****", "error: dial ****", "error: Authorization: ****");
  }

  @Test
  void ofAGatewayThatCrashedQuotesItsLastWords() throws Exception {
    site.tool()
        .run(
            "upgrade",
            "--to",
            HostSite.CRASHES_AT_START,
            "--yes",
            "--set",
            "rollback.application=manual")
        .withExitCode(4);

    Ended ended = diagnose("--out", "out");

    assertThat(guess(ended)).contains("has ended", "APP_SECRET_KEY must be 32 bytes");
    assertThat(page(ended))
        .contains("has not ended; 'resume' finishes or undoes it")
        .contains("connection refused")
        .contains("rollout")
        .contains("v1.0.0 → v1.1.1");
    assertHoldsNoSecret(site.folder.resolve("out"));
  }

  @Test
  void withoutItsDatabaseItsJournalAndItsPlatform() throws Exception {
    Files.createDirectories(site.folder.resolve(".rack-gateway"));
    Files.writeString(site.journalFile(), "this is no journal");
    Path link = site.gateway().resolve("current");
    Files.delete(link);

    Ended ended =
        site.tool()
            .run(
                Map.of("DATABASE_URL", "postgresql://app:planted-x@127.0.0.1:1/gateway"),
                "diagnose",
                "--out",
                "out",
                "--set",
                "gateway.url=http://no-such-host.invalid")
            .withExitCode(0);

    assertThat(guess(ended)).contains("the link", "does not exist");
    assertThat(page(ended))
        .contains("the host name no-such-host.invalid is not known")
        .contains("connection refused: no server listens there")
        .contains("cannot be read")
        .contains("What could not be found out");
    assertHoldsNoSecret(site.folder.resolve("out"));
  }

  @Test
  void goesOnWithAnEnvironmentFileThatCannotBeUnderstood() throws Exception {
    Path file = site.gateway().resolve("gateway.env");
    String good = Files.readString(file);
    Files.writeString(file, good + "planted line that is no assignment\n");
    try {
      Ended ended = diagnose("--out", "out");

      assertThat(page(ended)).contains("is not of the form NAME=VALUE");
      assertHoldsNoSecret(site.folder.resolve("out"));
    } finally {
      Files.writeString(file, good);
    }
  }

  @Test
  void tellsProgramsWhatItFound() throws Exception {
    JsonNode found = diagnose("--json").json();

    assertThat(found.path("schema").asInt()).isEqualTo(1);
    assertThat(found.path("guess").asText()).isEqualTo("nothing wrong was found");
    assertThat(found.path("findings")).isEmpty();
    assertThat(Path.of(found.path("page").asText())).isRegularFile();
    assertThat(found.path("parts").findValuesAsText("name"))
        .contains("instances", "database", "health-outside", "journal");
  }

  @Test
  void theLastTenAreKept() throws Exception {
    Path all = Files.createDirectories(site.folder.resolve(".rack-gateway/diagnostics"));
    for (int i = 0; i < 12; i++) {
      Files.createDirectory(all.resolve("production-20200101-0000%02d".formatted(i)));
    }
    Files.createDirectory(all.resolve("production-eu-20200101-000000"));

    diagnose();

    assertThat(HostSite.names(all))
        .hasSize(11)
        .contains("production-eu-20200101-000000", "production-20200101-000011")
        .doesNotContain("production-20200101-000002");
  }

  @Test
  void refusesAFolderWithSomethingInIt() throws Exception {
    Files.createDirectories(site.folder.resolve("out"));
    Files.writeString(site.folder.resolve("out/mine"), "");

    site.tool().run("diagnose", "--out", "out").withExitCode(2).saying("there is something in");
  }

  @Test
  void aFailedUpgradeLeavesTheEvidenceThatUndoingItTakesAway() throws Exception {
    Ended ended =
        site.tool()
            .start("upgrade", "--to", HostSite.CRASHES_AT_START, "--yes")
            .end()
            .withExitCode(1);

    site.assertRuns("v1.0.0", ended);
    JsonNode result = ended.events().get(ended.events().size() - 1).path("result");
    Path evidence = Path.of(result.path("diagnostics").asText());
    assertThat(ended.out() + ended.err()).contains(evidence.toString());
    assertThat(Files.readString(evidence.resolve("index.md")))
        .contains("APP_SECRET_KEY must be 32 bytes", "has ended", "Why the run failed")
        .contains("releases/v1.1.1");
    assertHoldsNoSecret(evidence);
  }
}
