package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.demo.DemoUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which way back is gone, with a release whose migration breaks the version before. */
@Tag("postgres")
class HostRollbackIT {

  @TempDir static Path folder;

  private static HostSite site;

  @BeforeAll
  static void prepare() throws Exception {
    site = HostSite.prepare(folder);
    DemoUpstream upstream =
        new DemoUpstream(site.folder.resolve("upstream")).publish("v1.0.0", 6, "First.");
    for (String version : List.of(HostSite.GOOD, HostSite.UNHEALTHY)) {
      upstream.publish(version, 8, "Faster.");
      Files.writeString(
          site.folder.resolve(
              "upstream/source/%s/internal/gateway/db/migrations/20250224093000_step_8.sql"
                  .formatted(version)),
          "ALTER TABLE users DROP COLUMN roles;\n");
    }
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @BeforeEach
  void reset() throws Exception {
    site.reset();
    Path file = site.folder.resolve("rack-gateway.yml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "{none: {reason: this test is not about upstream}}",
                "{file: {notes: upstream/releases.json, source: upstream/source}}"));
  }

  @AfterEach
  void dropKept() throws Exception {
    site.tool().run("restore", "--drop-old", "--yes");
  }

  @Test
  void aFailedUpgradeThatBrokeTheSchemaBringsTheDatabaseBackWhereItMay() throws Exception {
    Ended ended =
        upgrade(
            HostSite.UNHEALTHY,
            "--set",
            "rollback.database=automatic",
            "--set",
            "verify.timeout=2s");

    ended.withExitCode(1).saying("v1.0.0 runs again on its database from before");
    site.assertRuns("v1.0.0", ended);
    assertThat(site.database.migrations()).isEqualTo(6);
    JsonNode restore = result(ended).path("restore");
    assertThat(restore.path("delta").path("location").asText()).contains(".delta-");
    assertThat(restore.path("oldDatabase").asText()).startsWith("rack_gateway_before_");
    assertThat(ended.err())
        .contains("v1.0.0 cannot work with the schema that migration 20250224093000 leaves");
  }

  @Test
  void aFailedUpgradeLeavesTheDatabaseWhereItMustAskAndNamesTheCommand() throws Exception {
    Ended ended = upgrade(HostSite.UNHEALTHY, "--set", "verify.timeout=2s");

    ended.withExitCode(1).saying("v1.0.0 runs again");
    assertThat(site.database.migrations()).isEqualTo(8);
    String backup = result(ended).path("backup").path("id").asText();
    assertThat(ended.err()).contains("run 'restore --backup " + backup + "'");
    Ended restored = site.tool().run("restore", "--backup", backup, "--yes").withExitCode(0);
    site.assertRuns("v1.0.0", restored);
    assertThat(site.database.migrations()).isEqualTo(6);
  }

  @Test
  void aRollbackDaysLaterIsHeldUpUntilTheDatabaseComesAlong() throws Exception {
    upgrade(HostSite.GOOD).withExitCode(0);

    Ended held = site.tool().run("rollback", "--yes").withExitCode(3);

    held.saying("rollback-route", "v1.0.0 cannot work with the schema");
    assertThat(held.err()).contains("rollback --restore-database --to v1.0.0");
    site.assertRuns(HostSite.GOOD, held);
    Ended back = site.tool().run("rollback", "--restore-database", "--yes").withExitCode(0);
    site.assertRuns("v1.0.0", back);
    assertThat(site.database.migrations()).isEqualTo(6);
  }

  private Ended upgrade(String version, String... more) throws Exception {
    String[] words = {"upgrade", "--to", version, "--yes", "--accept", "migrations=20250224093000"};
    String[] all = new String[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return site.tool().start(all).end();
  }

  private static JsonNode result(Ended ended) throws Exception {
    return ended.events().get(ended.events().size() - 1).path("result");
  }
}
