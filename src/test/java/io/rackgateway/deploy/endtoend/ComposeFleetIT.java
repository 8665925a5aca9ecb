package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three gateways behind HAProxy: what is wrong with a new version is found, and taken back. */
@Tag("docker")
@Tag("composev2")
@Tag("postgres")
class ComposeFleetIT {

  private static final int INSTANCES = 3;

  @TempDir static Path folder;

  private static ComposeSite site;

  @BeforeAll
  static void prepare() throws Exception {
    site =
        new ComposeSite(
            folder,
            "v2",
            INSTANCES,
            Map.of(
                "v1.0.0", "none",
                "v1.1.0", "none",
                "v1.1.1", "flapping",
                "v1.1.2", "one-unhealthy",
                "v1.1.3", "old-version",
                "v1.1.4", "wrong-login",
                "v1.1.5", "log-errors",
                "v1.1.6", "crash-after-start"));
  }

  @AfterAll
  static void close() throws Exception {
    if (site != null) {
      site.close();
    }
  }

  private static Ended upgrade(String version, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("upgrade", "--to", version, "--yes"));
    words.addAll(List.of(more));
    return site.tool().start(words.toArray(String[]::new)).end();
  }

  @Test
  void allAreReplacedWithoutAnInterruption() throws Exception {
    site.reset("start-first");

    Ended ended = upgrade("v1.1.0").withExitCode(0);

    assertThat(ended.out()).contains("no interruption was seen", "✓ instances: 3 instances serve");
    site.assertRuns("v1.1.0", ended);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "v1.1.1 | health    | ",
        "v1.1.2 | health    | ",
        "v1.1.3 | version   | v1.0.0",
        "v1.1.4 | login     | staging.gateway.example.com",
        "v1.1.5 | logs      | upstream connection refused",
      })
  void whatIsWrongIsFoundAndTakenBack(String version, String check, String what) throws Exception {
    site.reset("recreate");
    byte[] before = Files.readAllBytes(site.composeFile());

    Ended ended =
        upgrade(
                version,
                "--set",
                "verify.timeout=3s",
                "--set",
                "verify.healthySuccesses=12",
                "--set",
                "verify.login.callback=https://gateway.example.com/api/v1/auth/web/callback")
            .withExitCode(1);

    ended.saying("failed in verify: " + version + " did not pass: " + check);
    if (what != null) {
      assertThat(ended.err()).contains(what);
    }
    ended.saying("v1.0.0 runs again and was verified");
    assertThat(ended.out()).contains("✓ instances: 3 instances serve");
    site.assertRuns("v1.0.0", ended);
    assertThat(site.composeFile()).hasBinaryContent(before);
  }

  @Test
  void gatewaysThatCrashAtTheFirstRequestAreTakenBack() throws Exception {
    site.reset("recreate");

    Ended ended = upgrade("v1.1.6", "--set", "verify.timeout=3s").withExitCode(1);

    ended.saying("v1.1.6", "v1.0.0 runs again and was verified");
    assertThat(ended.toString()).contains("panic: runtime error");
    site.assertRuns("v1.0.0", ended);
  }

  @Test
  void oneOldAmongThreeIsFound() throws Exception {
    site.reset("recreate");
    upgrade("v1.1.0").withExitCode(0);
    String now = Files.readString(site.composeFile());
    Files.writeString(site.composeFile(), now.replace(":v1.1.0\"", ":v1.0.0\""));
    site.compose("up", "-d", "--no-deps", "--no-recreate", "--scale", "gateway=4", "gateway");
    Files.writeString(site.composeFile(), now);

    Ended ended = site.tool().run("verify", "--expect", "v1.1.0").withExitCode(4);

    assertThat(ended.out()).contains("✗ instances", "v1.0.0");
  }

  @Test
  void aVersionWhoseMigrationsWereNotRunIsFoundBySchema() throws Exception {
    site.reset("recreate");
    Path migrations = Files.createDirectories(folder.resolve("migrations"));
    for (String version : site.database.versions()) {
      Files.writeString(migrations.resolve(version + "_known.sql"), "");
    }
    Files.writeString(migrations.resolve("20991231000000_new.sql"), "");

    Ended ended =
        upgrade(
                "v1.1.0",
                "--set",
                "migrate.enabled=false",
                "--set",
                "verify.migrations=" + migrations)
            .withExitCode(1);

    ended.saying("did not pass: schema", "20991231000000", "v1.0.0 runs again");
    site.assertRuns("v1.0.0", ended);
  }
}
