package io.rackgateway.deploy.release.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.GitHubConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.testing.GitHubFault;
import io.rackgateway.deploy.testing.GitHubStandIn;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubFailuresTest extends GitHubCase {

  @BeforeEach
  void publish() {
    gitHub.release("v1.0.0", "first").source("v1.0.0", Map.of("convox.yml", "services: {}\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void theLimitOfAnHourIsToldWithItsEnd(int status) {
    gitHub.failAlways(GitHubFault.primaryLimit(status, now.plusSeconds(12 * 60)));

    Problem problem = blocked(client()::releases);

    assertThat(problem.summary())
        .isEqualTo(
            host()
                + "'s limit of 60 calls an hour is used up until 2026-03-01 12:12 UTC,"
                + " in 12 min");
    assertThat(problem.next())
        .isEqualTo(
            "set releases.github.token, which allows more calls, or read the releases from files"
                + " instead: releases.file");
    assertThat(gitHub.calls()).as("who is limited does not ask again").isEqualTo(1);
    assertThat(blocked(clientWithToken()::releases).next()).startsWith("wait, or read");
  }

  @Test
  void aShortWishToBeLeftAloneIsGrantedOnce() {
    gitHub.fail(GitHubFault.secondaryLimit(403, Duration.ofSeconds(1)));

    assertThat(tags(client())).containsExactly("v1.0.0");
    assertThat(events)
        .filteredOn(Event.Waiting.class::isInstance)
        .singleElement()
        .satisfies(
            event -> assertThat(((Event.Waiting) event).limit()).isEqualTo(Duration.ofSeconds(1)));
  }

  @Test
  void aSecondWishIsTold() {
    gitHub.failAlways(GitHubFault.secondaryLimit(429, Duration.ofSeconds(0)));

    assertThat(blocked(client()::releases).summary())
        .startsWith(
            host() + " limits how fast it may be asked, and wants to be left alone for 0 s");
    assertThat(gitHub.calls()).isEqualTo(2);
  }

  @Test
  void aLongWishIsTold() {
    gitHub.failAlways(GitHubFault.secondaryLimit(403, Duration.ofSeconds(60)));

    assertThat(blocked(client()::releases).summary()).endsWith("wants to be left alone for 60 s");
    assertThat(gitHub.calls()).isEqualTo(1);
  }

  @Test
  void aWishWithoutATimeIsTold() {
    gitHub.failAlways(GitHubFault.status(403, "You have exceeded a secondary rate limit."));

    assertThat(blocked(client()::releases).summary())
        .endsWith("wants to be left alone for a while");
  }

  @Test
  void aMissingPermissionIsNoLimit() {
    gitHub.failAlways(GitHubFault.status(403, "Resource not accessible by \\u001b[31mtoken"));

    Problem problem = blocked(clientWithToken()::releases);

    assertThat(problem.summary())
        .isEqualTo(
            host()
                + " does not permit reading the releases of 127.0.0.1/DocSpring/rack-gateway:"
                + " status 403 Client Error, Resource not accessible by [31mtoken");
    assertThat(problem.next()).contains("releases.github.token");
  }

  @Test
  void aWrongTokenIsTold() {
    gitHub.visibleWith("another");

    Problem problem = blocked(clientWithToken()::releases);

    assertThat(problem.summary()).contains("refused the token in releases.github.token");
    assertThat(problem.toString()).doesNotContain(TOKEN);
  }

  @Test
  void aRepositoryThatIsNotSeenIsNamed() {
    GitHubConfig other = new GitHubConfig("DocSpring/none", gitHub.url(), null);

    assertThat(blocked(client(other)::releases).summary())
        .isEqualTo("127.0.0.1/DocSpring/none does not exist, or is not public");
    assertThat(
            blocked(
                    client(new GitHubConfig("DocSpring/none", gitHub.url(), new Secret(TOKEN)))
                        ::releases)
                .summary())
        .endsWith("or the token in releases.github.token cannot see it");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503})
  void aServerErrorMayPass(int status) {
    gitHub.fail(GitHubFault.status(status, "oops"), GitHubFault.status(status, "oops"));

    assertThat(tags(client())).containsExactly("v1.0.0");
  }

  @Test
  void aServerErrorThatStaysIsTold() {
    gitHub.failAlways(GitHubFault.status(502, "Bad gateway"));

    assertThat(blocked(client()::releases).summary())
        .isEqualTo(host() + " answered status 502 Server Error (3 attempts)");
    assertThat(gitHub.calls()).isEqualTo(3);
  }

  @Test
  void connectionsThatEndEarlyAreMadeAgain() {
    gitHub.fail(GitHubFault.hangUp(), GitHubFault.cutOff());

    assertThat(tags(client())).containsExactly("v1.0.0");
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    GitHubReleases client = client();
    gitHub.close();

    Problem problem = blocked(client::releases);

    assertThat(problem.summary())
        .isEqualTo(host() + " cannot be reached: connection refused (3 attempts)");
    assertThat(problem.next()).contains("releases.file");
  }

  @Test
  void anUnknownHostIsNamed() {
    GitHubConfig config = new GitHubConfig("o/r", URI.create("http://github.invalid"), null);

    assertThat(blocked(client(config)::releases).summary())
        .startsWith("github.invalid cannot be reached: the host name is not known");
  }

  @Test
  void aSlowServerIsNotWaitedForWithoutEnd() {
    gitHub.failAlways(GitHubFault.slow(Duration.ofSeconds(30)));
    long start = System.nanoTime();

    Problem problem =
        blocked(client(gitHub.config(null), Duration.ofSeconds(1), "convox.yml")::releases);

    assertThat(problem.summary())
        .isEqualTo(host() + " cannot be reached: no complete answer within 1 s");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aRunThatIsToStopDoesNotWait() {
    gitHub.failAlways(GitHubFault.secondaryLimit(403, Duration.ofSeconds(9)));
    cancellation.request("SIGTERM");

    assertThatThrownBy(client()::releases).isInstanceOf(DeployException.Cancelled.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"tag_name\": }]    | is no JSON, at line 1, column 15",
        "{\"message\": \"hi\"} | is an object instead of a list of releases: hi",
        "<html></html>         | is no JSON, at line 1, column 1",
        "``                    | is empty",
      })
  void malformedJsonIsToldWithItsPlace(String body, String problem) {
    gitHub.failAlways(GitHubFault.body(body));

    assertThat(blocked(client()::releases).summary())
        .startsWith(
            "the releases of 127.0.0.1/DocSpring/rack-gateway: what " + host() + " answered ")
        .contains(problem);
  }

  @Test
  void truncatedJsonIsNoShorterList() {
    gitHub.failAlways(GitHubFault.truncated());

    assertThat(blocked(client()::releases).summary())
        .contains("answered ends in the middle, at line 1, column ");
  }

  @Test
  void aProxysLoginPageIsNoListOfReleases() {
    gitHub.failAlways(GitHubFault.webPage());

    assertThat(blocked(client()::releases).summary())
        .isEqualTo(
            host()
                + " answered with a web page instead of the releases of"
                + " 127.0.0.1/DocSpring/rack-gateway: something else than GitHub answers, such as"
                + " the login page of a proxy");
  }

  @Test
  void redirectsInCirclesEnd() {
    gitHub.failAlways(GitHubFault.redirect(302, null));

    assertThat(blocked(client()::releases).summary())
        .isEqualTo(host() + " sends in circles: too many redirects");
  }

  @Test
  void aRedirectToAnotherHostGetsNoToken() {
    try (GitHubStandIn other = GitHubStandIn.start()) {
      gitHub.fail(
          GitHubFault.redirect(307, other.url() + "/repos/DocSpring/rack-gateway/releases"));

      assertThat(tags(clientWithToken())).isEmpty();
      assertThat(other.requests())
          .singleElement()
          .satisfies(call -> assertThat(call.headers().get("Authorization")).isNull());
    }
  }

  @Test
  void aRedirectToAnotherSchemeIsNotFollowed() {
    gitHub.failAlways(GitHubFault.redirect(302, "https://login.example.com/?ticket=s3cr3t"));

    assertThat(blocked(client()::releases).summary())
        .isEqualTo(host() + " sends to https://login.example.com/, which is not followed");
  }

  @Test
  void theArchiveServerFailsUnderItsOwnName() {
    gitHub.failArchive(
        GitHubFault.status(503, ""), GitHubFault.status(503, ""), GitHubFault.status(503, ""));

    assertThat(blocked(() -> client().files("v1.0.0")).summary())
        .isEqualTo(
            gitHub.archiveUrl().getAuthority() + " answered status 503 Server Error (3 attempts)");

    gitHub.failArchive(GitHubFault.slow(Duration.ofSeconds(30)));
    GitHubReleases hasty = client(gitHub.config(null), Duration.ofSeconds(1), "convox.yml");
    assertThat(blocked(() -> hasty.files("v1.0.0")).summary())
        .isEqualTo(
            gitHub.archiveUrl().getAuthority()
                + " cannot be reached: no complete answer within 1 s");
  }

  @Test
  void anAnswerThatIsKeptDoesNotStandInForOneThatIsMissing() {
    assertThat(tags(client())).containsExactly("v1.0.0");
    now = now.plus(Duration.ofHours(3));
    assertThat(tags(client())).containsExactly("v1.0.0");
    now = now.plus(Duration.ofHours(5));
    gitHub.failAlways(GitHubFault.status(502, ""));

    assertThat(blocked(client()::releases).summary())
        .isEqualTo(
            host()
                + " answered status 502 Server Error (3 attempts); what was read 5 h ago is not"
                + " used, since something newer could be missing in it");

    gitHub.failAlways(GitHubFault.primaryLimit(403, now.plusSeconds(60)));
    assertThat(blocked(client()::releases).summary()).contains("what was read 5 h ago is not used");
  }

  @Test
  void whatFailedOnceIsAskedForAgain() {
    GitHubReleases client = client();
    gitHub.fail(GitHubFault.webPage());

    assertThat(blocked(client::releases)).isNotNull();
    assertThat(tags(client)).containsExactly("v1.0.0");
  }

  /** The API's server, as messages name it. */
  private String host() {
    return gitHub.url().getAuthority();
  }
}
