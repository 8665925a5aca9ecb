package io.rackgateway.deploy.release.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.testing.GitHubFault;
import io.rackgateway.deploy.testing.GitHubStandIn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GitHubReleasesTest extends GitHubCase {

  @Test
  void releasesAreReadNewestVersionFirst() {
    gitHub
        .release("v1.2.9", "old")
        .release("v1.10.0", "## New\r\n* all")
        .release("v1.2.10", "patch")
        .release("v2.0.0-rc.1", "candidate", false, true)
        .release("v3.0.0", "not yet", true, false)
        .release("nightly", "whatever");

    assertThat(tags(client())).containsExactly("v2.0.0-rc.1", "v1.10.0", "v1.2.10", "v1.2.9");
    assertThat(client().releases().get(1))
        .satisfies(
            release -> {
              assertThat(release.notes()).isEqualTo("## New\r\n* all");
              assertThat(release.url())
                  .isEqualTo("https://github.com/DocSpring/rack-gateway/releases/tag/v1.10.0");
              assertThat(release.preRelease()).isFalse();
              assertThat(release.publishedAt()).isEqualTo(Instant.parse("2026-01-06T09:30:00Z"));
            });
    assertThat(client().releases()).filteredOn(Release::preRelease).hasSize(1);
  }

  @Test
  void aRepositoryWithoutReleasesHasNone() {
    assertThat(client().releases()).isEmpty();
  }

  @Test
  void everyPageIsRead() {
    IntStream.range(0, 250).forEach(i -> gitHub.release("v1.0." + i, "* " + i));

    assertThat(client().releases()).hasSize(250);
    assertThat(gitHub.calls()).isEqualTo(3);
    assertThat(gitHub.requests().get(0).target()).endsWith("/releases?per_page=100");
  }

  @Test
  void moreThanAThousandReleasesAreNotReadInPart() {
    IntStream.range(0, 11).forEach(i -> gitHub.release("v1.0." + i, ""));
    gitHub.pageSize(1);

    assertThat(blocked(client()::releases).summary()).contains("more than 1000 releases");
    assertThat(gitHub.calls()).isEqualTo(10);
  }

  @Test
  void notesOfMegabytesAreRead() {
    String notes = "* changed\n".repeat(150_000);
    gitHub.release("v1.0.0", notes);

    assertThat(client().releases().get(0).notes()).isEqualTo(notes);
    assertThat(client().releases().get(0).notes()).isEqualTo(notes);
  }

  @Test
  void aPageIsReadUpToABound() {
    gitHub.release("v1.0.0", "-".repeat(17 << 20));

    assertThat(blocked(client()::releases).summary()).contains("answered is more than 16 MiB");
  }

  @Test
  void theFilesThatMatterAreReadFromTheSourceArchive() {
    source("v1.0.0");

    var files = client().files("v1.0.0");

    assertThat(files.manifest()).isEqualTo("services: {}\n");
    assertThat(files.migrations())
        .extracting(MigrationFile::path)
        .containsExactly(
            MIGRATIONS + "20251008173101_a.sql", MIGRATIONS + "20251113000000_v1.0.0.sql");
  }

  @Test
  void thirtyReleasesInBetweenCostThreeCallsAndTheSecondRunFindsNothingChanged() {
    thirtyReleases();
    readAll(client());
    assertThat(gitHub.calls()).isEqualTo(3);
    assertThat(gitHub.conditional()).isZero();

    gitHub.forgetCalls();
    readAll(client());

    assertThat(gitHub.calls()).isEqualTo(3);
    assertThat(gitHub.notModified()).as("a page of releases and two archives").isEqualTo(3);
  }

  @Test
  void whatDidNotChangeCostsBearersOfATokenNothing() {
    gitHub.release("v1.0.0", "").visibleWith(TOKEN);
    assertThat(tags(clientWithToken())).containsExactly("v1.0.0");
    gitHub.remaining(1);

    IntStream.range(0, 5).forEach(i -> assertThat(tags(clientWithToken())).hasSize(1));
  }

  @Test
  void oneRunAsksOnceHoweverManyWantToKnow() throws Exception {
    thirtyReleases();
    GitHubReleases client = client();
    CountDownLatch ready = new CountDownLatch(6);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      for (Future<?> each :
          Stream.generate(
                  () ->
                      threads.submit(
                          () -> {
                            ready.countDown();
                            ready.await();
                            readAll(client);
                            return true;
                          }))
              .limit(6)
              .toList()) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(gitHub.calls()).isEqualTo(3);
  }

  @Test
  void requestsSayWhoAsksForWhichFormOfWhat() {
    source("v1.0.0").visibleWith(TOKEN);

    clientWithToken().files("v1.0.0");

    assertThat(gitHub.requests().get(0).headers().toMultimap())
        .containsEntry("accept", List.of("application/vnd.github+json"))
        .containsEntry("x-github-api-version", List.of("2022-11-28"))
        .containsEntry("user-agent", List.of("rack-gateway-deploy"))
        .containsEntry("authorization", List.of("Bearer " + TOKEN));
  }

  @Test
  void theTokenGoesToNoOtherServer() {
    source("v1.0.0").visibleWith(TOKEN);

    assertThat(clientWithToken().files("v1.0.0").manifest()).isNotNull();

    assertThat(gitHub.requests())
        .extracting(call -> call.headers().get("Authorization"))
        .containsExactly("Bearer " + TOKEN, null);
  }

  @Test
  void aNextPageElsewhereIsNotAskedFor() {
    try (GitHubStandIn other = GitHubStandIn.start()) {
      gitHub
          .release("v1.0.0", "")
          .fail(
              (url, answer) ->
                  answer
                      .newBuilder()
                      .setHeader("Link", "<" + other.url() + "/x?page=2>; rel=\"next\"")
                      .build());

      assertThat(blocked(clientWithToken()::releases).summary())
          .contains("names a next page elsewhere: " + other.url());
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void aRepositoryThatWasRenamedIsFound() {
    source("v1.0.0").release("v1.0.0", "").release("v1.1.0", "").pageSize(1);
    var underTheFormerName = gitHub.config(TOKEN);
    gitHub.visibleWith(TOKEN).renamedTo("DocSpring/gateway");

    assertThat(tags(client(underTheFormerName))).containsExactly("v1.1.0", "v1.0.0");
    assertThat(client(underTheFormerName).files("v1.0.0").manifest()).isNotNull();
  }

  @Test
  void aTagWithoutAnArchiveIsNamedWithItsPlace() {
    var problem = blocked(() -> client().files("v1.2.9"));

    assertThat(problem.summary())
        .isEqualTo("127.0.0.1/DocSpring/rack-gateway has no source archive of v1.2.9");
    assertThat(problem.next()).contains("releases.file.source");
  }

  @Test
  void aBrokenArchiveIsNamed() {
    gitHub.archive("v1.0.0", new byte[] {0x1f, (byte) 0x8b, 8, 0});

    assertThat(blocked(() -> client().files("v1.0.0")).summary())
        .startsWith("the source of v1.0.0 of 127.0.0.1/DocSpring/rack-gateway: ")
        .endsWith("answered ends in the middle");
  }

  @Test
  void anArchiveThatIsCutOffIsAskedForAgain() {
    source("v1.0.0").failArchive(GitHubFault.cutOff());

    assertThat(client().files("v1.0.0").manifest()).isNotNull();
  }

  private void thirtyReleases() {
    IntStream.rangeClosed(0, 31).forEach(i -> gitHub.release("v1." + i + ".0", "* change " + i));
    source("v1.0.0");
    source("v1.31.0");
  }

  private static void readAll(GitHubReleases client) {
    assertThat(client.releases()).hasSize(32);
    assertThat(client.files("v1.0.0").migrations()).hasSize(2);
    assertThat(client.files("v1.31.0").migrations()).hasSize(2);
  }

  private GitHubStandIn source(String tag) {
    return gitHub.source(
        tag,
        Map.of(
            "convox.yml",
            "services: {}\n",
            MIGRATIONS + "20251113000000_" + tag + ".sql",
            "ALTER TABLE a ADD b int;\n",
            MIGRATIONS + "20251008173101_a.sql",
            "CREATE TABLE a ();\n"));
  }
}
