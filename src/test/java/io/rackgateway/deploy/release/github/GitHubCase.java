package io.rackgateway.deploy.release.github;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.config.GitHubConfig;
import io.rackgateway.deploy.config.ReleasesConfig;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.testing.GitHubStandIn;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A GitHub and those who ask it; each {@link #client()} is like another run of the tool. */
@Timeout(60)
abstract class GitHubCase {

  static final String TOKEN = "ghp_s3cr3t";
  static final String MIGRATIONS = "internal/gateway/db/migrations/";

  @TempDir Path folder;

  /** Stands still unless a test sets it. */
  volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

  final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  final List<Event> events = new CopyOnWriteArrayList<>();
  final Cancellation cancellation = new Cancellation();
  final GitHubStandIn gitHub = GitHubStandIn.start(clock);

  @AfterEach
  void stop() {
    gitHub.close();
  }

  Path cache() {
    return folder.resolve("state/cache");
  }

  GitHubReleases client() {
    return client(gitHub.config(null));
  }

  GitHubReleases clientWithToken() {
    return client(gitHub.config(TOKEN));
  }

  GitHubReleases client(GitHubConfig config) {
    return client(config, Duration.ofSeconds(15), "convox.yml");
  }

  GitHubReleases client(GitHubConfig config, Duration timeout, String manifest) {
    ReleasesConfig releases =
        new ReleasesConfig(config, null, null, false, MIGRATIONS, manifest, cache());
    Events sink = events::add;
    return new GitHubReleases(
        config, releases, new OkHttpClient(), new Waits(clock, cancellation, sink), sink, timeout);
  }

  static List<String> tags(GitHubReleases source) {
    return source.releases().stream().map(Release::tag).toList();
  }

  /** The problem that the question ends with. */
  static Problem blocked(Supplier<?> question) {
    DeployException.Blocked blocked =
        catchThrowableOfType(DeployException.Blocked.class, question::get);
    if (blocked == null) {
      throw new AssertionError("there was an answer");
    }
    return blocked.problem();
  }
}
