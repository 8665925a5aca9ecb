package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.demo.DemoUpstream;
import io.rackgateway.deploy.testing.GitHubFault;
import io.rackgateway.deploy.testing.GitHubStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What 'plan' finds out before anything is touched, with releases on a server like GitHub. */
@Tag("postgres")
class PlanGatesIT {

  private static final String BREAKING =
      "## Breaking changes\n\n- Tokens made before v1.0 no longer work.\n";
  private static final String GATED = "gated.yml";

  @TempDir static Path folder;

  private static HostSite site;
  private GitHubStandIn github = GitHubStandIn.start();

  @BeforeAll
  static void prepare() throws Exception {
    site = HostSite.prepare(folder);
  }

  @AfterAll
  static void end() throws Exception {
    site.close();
  }

  @BeforeEach
  void publish() throws Exception {
    site.reset();
    release("v1.0.0", 6, "The first.");
    release("v1.1.0", 8, "## Fixed\n\n- A crash when a rack has no name.\n");
    configure("");
  }

  @AfterEach
  void close() {
    github.close();
  }

  private void release(String tag, int migrations, String notes) throws IOException {
    release(tag, migrations, notes, "");
  }

  private void release(String tag, int migrations, String notes, String variable)
      throws IOException {
    Path upstream = Files.createTempDirectory(folder, "upstream");
    new DemoUpstream(upstream).publish(tag, migrations, notes);
    Map<String, String> files = new LinkedHashMap<>();
    Path source = upstream.resolve("source").resolve(tag);
    try (Stream<Path> all = Files.walk(source)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.put(source.relativize(file).toString(), Files.readString(file));
      }
    }
    if (!variable.isEmpty()) {
      files.merge(
          "convox.yml",
          "",
          (text, none) ->
              "environment:\n  - "
                  + variable
                  + "\n"
                  + text.replaceFirst("(?s)^environment:\n", ""));
    }
    github.release(tag, notes).source(tag, files);
  }

  private void configure(String more) throws IOException {
    Files.writeString(
        site.folder.resolve(GATED),
        site.configuration().replaceAll("(?m)^releases:.*\n", "")
            + "releases: {github: {url: '%s'}, cache: cache}\n".formatted(github.url())
            + more);
    Path cache = site.folder.resolve("cache");
    if (Files.exists(cache)) {
      try (Stream<Path> all = Files.walk(cache)) {
        all.sorted(Comparator.reverseOrder())
            .forEach(
                path -> {
                  try {
                    Files.delete(path);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
      }
    }
  }

  private static Ended plan(String... more) throws Exception {
    return run("plan", more);
  }

  private static Ended run(String command, String... more) throws Exception {
    String[] words =
        Stream.concat(Stream.of(command, "-f", GATED), Stream.of(more)).toArray(String[]::new);
    return site.tool().run(words);
  }

  private static JsonNode gate(Ended ended, String name) {
    for (JsonNode gate : ended.json().path("gates")) {
      if (gate.path("name").asText().equals(name)) {
        return gate;
      }
    }
    throw new AssertionError("no gate " + name + "; " + ended);
  }

  @Test
  void saysOnOneScreenThatAllIsWell() throws Exception {
    Ended ended = plan("--to", "v1.1.0").withExitCode(0);

    assertThat(ended.out())
        .contains("pass  compatibility: v1.0.0 → v1.1.0 stays within v1.x")
        .contains("pass  release-notes:")
        .contains("pass  environment:")
        .contains("pass  migrations: 2 migrations")
        .contains("warn  availability: an interruption is to be expected")
        .contains("releases    v1.1.0")
        .contains("the database stays as migrated, and v1.0.0 can work with it; no row is lost")
        .contains("This upgrade may go on. Nothing was changed.");
    assertThat(ended.out().lines()).hasSizeLessThan(45).allMatch(line -> line.length() < 400);
    site.assertUntouched(ended);
  }

  @Test
  void aBreakingReleaseOnTheWayBlocksUntilItIsAccepted() throws Exception {
    github.notes("v1.1.0", BREAKING);

    Ended blocked = plan("--to", "v1.1.0").withExitCode(3);
    assertThat(blocked.out())
        .contains("block release-notes:")
        .contains("Tokens made before v1.0 no longer work.")
        .contains("--accept release-notes=v1.1.0");

    run("upgrade", "--to", "v1.1.0", "--yes")
        .withExitCode(3)
        .saying("gate 'release-notes' blocks")
        .advising("--accept release-notes=v1.1.0");
    run("upgrade", "--to", "v1.1.0", "--yes", "--accept", "release-notes=v1.0.9").withExitCode(3);
    site.assertRuns("v1.0.0", blocked);

    Ended accepted =
        run("upgrade", "--to", "v1.1.0", "--yes", "--json", "--accept", "release-notes=v1.1.0")
            .withExitCode(0);
    assertThat(gate(accepted, "release-notes").path("accepted").get(0).asText())
        .isEqualTo("v1.1.0");
    site.assertRuns("v1.1.0", accepted);
  }

  @Test
  void whatTheConfigurationAcceptsCountsToo() throws Exception {
    github.notes("v1.1.0", BREAKING);
    configure(
        "gates: {accept: [release-notes=v1.1.0, release-notes=v0.9.0], manual: [notify-users]}\n");

    Ended ended = plan("--to", "v1.1.0", "--json").withExitCode(3);

    assertThat(gate(ended, "release-notes").path("result").asText()).isEqualTo("warn");
    assertThat(gate(ended, "manual").path("next").asText())
        .contains("--accept manual=notify-users");
    plan("--to", "v1.1.0", "--accept", "manual=notify-users").withExitCode(0);
  }

  @Test
  void anApprovedPlanIsRefusedWhenTheNotesBecomeBreaking() throws Exception {
    plan("--to", "v1.1.0", "--out", "plan.json").withExitCode(0);
    github.notes("v1.1.0", BREAKING);

    run("upgrade", "--plan", "plan.json", "--yes")
        .withExitCode(3)
        .saying("the plan no longer fits", "gate release-notes: planned for pass, found block");
  }

  @Test
  void anApprovedPlanKeepsWhatWasAccepted() throws Exception {
    github.notes("v1.1.0", BREAKING);
    plan("--to", "v1.1.0", "--accept", "release-notes=v1.1.0", "--out", "plan.json")
        .withExitCode(0);

    Ended ended = run("upgrade", "--plan", "plan.json", "--yes").withExitCode(0);

    site.assertRuns("v1.1.0", ended);
    assertThat(ended.out()).contains("✓ schema: the database holds what the upgrade was to apply");
  }

  @Test
  void aVariableThatTheTargetNeedsBlocksWhileItIsNotSet() throws Exception {
    release("v1.1.4", 8, "Fixes.", "SESSION_PEPPER");

    Ended ended = plan("--to", "v1.1.4").withExitCode(3);

    assertThat(ended.out())
        .contains("block environment: SESSION_PEPPER is needed and not set")
        .contains("convox.yml of v1.1.4 asks for it")
        .contains("--accept environment=SESSION_PEPPER");
    Path file = site.gateway().resolve("gateway.env");
    String before = Files.readString(file);
    Files.writeString(file, before + "SESSION_PEPPER=hot\n");
    try {
      assertThat(plan("--to", "v1.1.4").withExitCode(0).out())
          .contains("SESSION_PEPPER (set)")
          .doesNotContain("hot");
    } finally {
      Files.writeString(file, before);
    }
  }

  @Test
  void aMigrationThatTheRunningVersionCannotLiveWithIsNamedWithTheWayBack() throws Exception {
    github
        .release("v1.1.4", "Fixes.")
        .source(
            "v1.1.4",
            Map.of(
                "convox.yml",
                "services: {gateway: {port: 8080}}\n",
                "internal/gateway/db/migrations/20250310093000_drop_email.sql",
                "-- Nobody mails.\nALTER TABLE users DROP COLUMN email;\n"));

    Ended ended =
        plan("--to", "v1.1.4", "--accept", "migrations=ahead-20250210093000", "--json")
            .withExitCode(3);

    JsonNode gate = gate(ended, "migrations");
    assertThat(gate.path("evidence").asText()).contains("20250310093000_drop_email.sql:2");
    assertThat(gate.path("next").asText()).contains("--accept migrations=20250310093000");
    assertThat(ended.json().path("rollbackData").asText())
        .contains("going back needs it restored from the backup");
  }

  @Test
  void anAcceptanceInTheConfigurationThatNoGateAsksForIsTold() throws Exception {
    configure("gates: {accept: [relnotes=v1.1.0]}\n");

    assertThat(plan("--to", "v1.1.0").withExitCode(0).out())
        .contains("gates.accept: there is no gate 'relnotes' here");
  }

  @Test
  void whileGitHubIsDownNothingPasses() throws Exception {
    github.failAlways(GitHubFault.status(503, "unavailable"));

    Ended ended = plan("--to", "v1.1.0", "--json").withExitCode(3);

    for (String name : new String[] {"release-notes", "environment", "migrations"}) {
      assertThat(gate(ended, name).path("result").asText()).as(name).isEqualTo("block");
      assertThat(gate(ended, name).path("evidence").asText()).startsWith("not evaluated: ");
    }
    assertThat(ended.json().path("rollbackData").asText()).endsWith("is not known");
    plan(
            "--to",
            "v1.1.0",
            "--accept",
            "release-notes=not-evaluated",
            "--accept",
            "environment=not-evaluated",
            "--accept",
            "migrations=not-evaluated")
        .withExitCode(0);
    site.assertUntouched(ended);
  }

  @Test
  void aVersionThatWasNeverReleasedIsToldWithThoseNearIt() throws Exception {
    Ended ended = plan("--to", "v1.1.9").withExitCode(3);

    assertThat(ended.out()).contains("v1.1.9 was not released; near it: v1.1.0");
  }

  @Test
  void findsTheNewestReleaseByItself() throws Exception {
    release("v1.1.4", 8, "Fixes.");
    github.release("v2.0.0", "A new age.");
    github.release("v1.2.0-rc.1", "A candidate.", false, true);
    github.release("v3.0.0", "Not yet.", true, false);

    assertThat(plan("--to", "latest-minor", "--json").json().path("to").asText())
        .isEqualTo("v1.1.4");
    assertThat(plan("--to", "latest-patch", "--json").json().path("to").asText())
        .isEqualTo("v1.0.0");
    assertThat(plan("--to", "latest").withExitCode(3).out())
        .contains("v1.0.0 → v2.0.0 crosses a major version")
        .contains("--accept compatibility=v2");
    plan("--to", "newest").withExitCode(2).saying("--to 'newest' is not a version");
  }

  @Test
  void checkEndsWith3WhenThereIsAnUpgradeAndWith0WhenThereIsNone() throws Exception {
    Ended newer = plan("--check").withExitCode(3);
    assertThat(newer.out())
        .contains("v1.0.0 runs; v1.1.0 was released")
        .contains("--to latest-minor would be v1.1.0");
    assertThat(plan("--check", "--json").withExitCode(3).json().path("latest").asText())
        .isEqualTo("v1.1.0");

    assertThat(plan("--check", "--from", "v1.1.0").withExitCode(0).out())
        .contains("nothing newer was released");
    plan("--check", "--to", "v1.1.0").withExitCode(2).saying("--check makes no plan");
    github.failAlways(GitHubFault.hangUp());
    plan("--check").withExitCode(2).saying("127.0.0.1").advising("releases.file");
  }

  @Test
  void acceptingAGateThatThereIsNotIsRefused() throws Exception {
    plan("--to", "v1.1.0", "--accept", "release-note=v1.1.0")
        .withExitCode(2)
        .saying("there is no gate 'release-note'")
        .advising("release-notes");
    plan("--to", "v1.1.0", "--accept", "everything")
        .withExitCode(2)
        .saying("'everything' is not of the form GATE=VALUE");
  }

  @Test
  void aClosedWindowOnlyWarnsInAPlanAndRefusesTheRun() throws Exception {
    configure("gates: {maintenance: {freezes: [2020-01-01/2099-12-31]}}\n");

    assertThat(plan("--to", "v1.1.0").withExitCode(0).out())
        .contains("warn  maintenance: no upgrades from 2020-01-01 to 2099-12-31");
    run("upgrade", "--to", "v1.1.0", "--yes")
        .withExitCode(3)
        .saying("gate 'maintenance' blocks")
        .advising("--accept maintenance=20");
  }

  @Test
  void writesMarkdownForAPullRequest() throws Exception {
    github.notes("v1.1.0", "### Breaking\n\n- Ask @everyone <img src=x> about `|` first.\n");

    plan("--to", "v1.1.0", "--markdown", "plan.md").withExitCode(3);

    assertThat(Files.readString(site.folder.resolve("plan.md")))
        .startsWith("## Upgrade of production: v1.0.0 → v1.1.0")
        .contains("**Blocked by release-notes.**")
        .contains("| release-notes | ⛔ **block** |")
        .contains("Ask &#64;everyone")
        .doesNotContain("@everyone", "<img");
  }

  @Test
  void thirtyReleasesInBetweenAreFewCallsAndTheSecondTimeNoneIsSentAgain() throws Exception {
    for (int i = 1; i <= 30; i++) {
      github.release("v1.0." + i, "## Fixed\n\n- Fix " + i + ".\n");
    }
    github.latency(Duration.ofMillis(50));

    long start = System.nanoTime();
    Ended first = plan("--to", "v1.1.0", "--json").withExitCode(0);
    told("first", start);
    assertThat(first.json().at("/outlook/releases")).hasSize(31);
    assertThat(github.calls()).as("calls to the API").isLessThanOrEqualTo(12);

    github.forgetCalls();
    start = System.nanoTime();
    plan("--to", "v1.1.0").withExitCode(0);
    told("second", start);
    assertThat(github.calls()).isPositive();
    assertThat(github.requests())
        .filteredOn(GitHubStandIn.Call::conditional)
        .as("asked for what changed only")
        .allMatch(call -> call.status() == 304 || call.status() == 302)
        .hasSizeGreaterThanOrEqualTo(3);
  }

  private void told(String which, long start) {
    System.out.println(
        "plan over 31 releases, 50 ms on each call, the "
            + which
            + " time: "
            + Duration.ofNanos(System.nanoTime() - start).toMillis()
            + " ms, "
            + github.calls()
            + " calls to the API");
  }
}
