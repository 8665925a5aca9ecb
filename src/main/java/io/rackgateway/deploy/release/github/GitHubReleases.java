package io.rackgateway.deploy.release.github;

import io.rackgateway.deploy.config.GitHubConfig;
import io.rackgateway.deploy.config.ReleasesConfig;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.ReleaseFiles;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.release.source.LimitedInput;
import io.rackgateway.deploy.release.source.Malformed;
import io.rackgateway.deploy.release.source.Memo;
import io.rackgateway.deploy.release.source.ReleaseList;
import io.rackgateway.deploy.release.source.SourceArchive;
import io.rackgateway.deploy.release.source.SourceLayout;
import io.rackgateway.deploy.text.PlainText;
import io.rackgateway.deploy.time.Waits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Releases of a repository on GitHub, by its REST API: "List releases" in pages of 100, and
 * "Download a repository archive (tar)" for the files of one. What was read is kept on disk and
 * asked for again only if it changed. Thread-safe.
 */
public final class GitHubReleases implements ReleaseSource {

  private static final int PER_PAGE = 100;
  private static final int MOST_PAGES = 10;
  private static final long MOST_BYTES_A_PAGE = 16L << 20;
  private static final String LIST = "list of releases";

  private final GitHubConfig config;
  private final SourceLayout layout;
  private final GitHubClient client;
  private final Memo<String, List<Release>> lists = new Memo<>();
  private final Memo<String, ReleaseFiles> files = new Memo<>();

  /**
   * Nothing is asked for yet.
   *
   * @param http its pool of connections is used, and its proxy
   * @param events is told when answers cannot be kept
   */
  public GitHubReleases(
      GitHubConfig config, ReleasesConfig releases, OkHttpClient http, Waits waits, Events events) {
    this(config, releases, http, waits, events, GitHubClient.TIMEOUT);
  }

  GitHubReleases(
      GitHubConfig config,
      ReleasesConfig releases,
      OkHttpClient http,
      Waits waits,
      Events events,
      Duration timeout) {
    this.config = config;
    this.layout = SourceLayout.of(releases);
    AnswerCache cache = new AnswerCache(releases.cache(), waits.clock(), events, CacheLimit.USUAL);
    this.client = new GitHubClient(config, http, cache, waits, timeout);
  }

  @Override
  public String location() {
    String host = config.url().getHost();
    return ("api.github.com".equals(host) ? "github.com" : host) + "/" + config.repository();
  }

  @Override
  public List<Release> releases() {
    return lists.get(LIST, this::readPages);
  }

  @Override
  public ReleaseFiles files(String tag) {
    return files.get(tag, () -> readFiles(tag));
  }

  private List<Release> readPages() {
    List<Release> releases = new ArrayList<>();
    HttpUrl url =
        repository("releases").addQueryParameter("per_page", String.valueOf(PER_PAGE)).build();
    for (int page = 1; url != null; page++) {
      if (page > MOST_PAGES) {
        throw blocked(
            location() + " has more than " + MOST_PAGES * PER_PAGE + " releases, which is too many",
            Refused.OFFLINE);
      }
      KeptAnswer answer = client.ask(page(url, page));
      releases.addAll(list(answer.content()));
      url = next(answer.next(), page);
    }
    return ReleaseList.inOrder(releases);
  }

  private Question page(HttpUrl url, int page) {
    return new Question(
        url,
        "the releases of " + location() + (page == 1 ? "" : " (page " + page + ")"),
        LIST,
        false,
        Refused.lasting(
            location()
                + " does not exist"
                + (config.token() == null
                    ? ", or is not public"
                    : ", or the token in releases.github.token cannot see it"),
            "correct releases.github.repository"
                + (config.token() == null ? ", or set releases.github.token" : " or the token")),
        body -> {
          byte[] json = new LimitedInput(body, MOST_BYTES_A_PAGE, "is").readAllBytes();
          return ReleaseList.write(ReleaseList.read(json));
        });
  }

  private static List<Release> list(String content) {
    try {
      return ReleaseList.read(content.getBytes(StandardCharsets.UTF_8));
    } catch (Malformed e) {
      throw new IllegalStateException("the cache vouches for what it kept", e);
    }
  }

  private @Nullable HttpUrl next(@Nullable String link, int page) {
    if (link == null) {
      return null;
    }
    HttpUrl url = HttpUrl.parse(link);
    if (url == null || !client.isApi(url)) {
      throw blocked(
          "page "
              + page
              + " of the releases of "
              + location()
              + " names a next page elsewhere: "
              + PlainText.line(link, 160),
          "let releases.github.url be the address that the server itself uses");
    }
    return url;
  }

  private ReleaseFiles readFiles(String tag) {
    String shown = PlainText.line(tag, 80);
    Question question =
        new Question(
            repository("tarball").addPathSegment(tag).build(),
            "the source of " + shown + " of " + location(),
            layout.manifest() + "\n" + layout.migrations(),
            true,
            Refused.lasting(
                location() + " has no source archive of " + shown,
                "check that the tag exists there, or name its source with releases.file.source"),
            body -> FilesJson.write(SourceArchive.read(body, layout)));
    return FilesJson.read(client.ask(question).content());
  }

  private HttpUrl.Builder repository(String resource) {
    return HttpUrl.get(config.url().toString())
        .newBuilder()
        .addPathSegment("repos")
        .addPathSegments(config.repository())
        .addPathSegment(resource);
  }

  private static DeployException.Blocked blocked(String summary, String next) {
    return new DeployException.Blocked(Problem.of(summary, next));
  }
}
