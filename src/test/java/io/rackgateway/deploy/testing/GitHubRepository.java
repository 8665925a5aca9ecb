package io.rackgateway.deploy.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** What {@link GitHubStandIn} answers when nothing stands in the way. Not thread-safe. */
final class GitHubRepository {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_PER_PAGE = 100;
  private static final int USUAL_PER_PAGE = 30;

  private final List<ObjectNode> releases = new ArrayList<>();
  private final Map<String, byte[]> sources = new LinkedHashMap<>();
  private String name = "DocSpring/rack-gateway";
  private @Nullable String formerName;
  private int mostPerPage = MOST_PER_PAGE;

  String name() {
    return name;
  }

  void rename(String to) {
    formerName = name;
    name = to;
  }

  void pageSize(int most) {
    mostPerPage = most;
  }

  void source(String tag, byte[] bytes) {
    sources.put(tag, bytes.clone());
  }

  void notes(String tag, @Nullable String notes) {
    releases.stream()
        .filter(release -> release.path("tag_name").asText().equals(tag))
        .forEach(release -> release.put("body", notes));
  }

  void add(String tag, String notes, boolean draft, boolean preRelease) {
    int id = 1000 + releases.size();
    Instant time = Instant.parse("2026-01-05T09:30:00Z").plus(releases.size(), ChronoUnit.DAYS);
    String place = "https://github.com/" + name;
    ObjectNode release = JSON.createObjectNode();
    release.put("url", "https://api.github.com/repos/" + name + "/releases/" + id);
    release.put("html_url", place + "/releases/tag/" + tag);
    release.put("id", id);
    release.put("node_id", "RE_" + id);
    release.put("tag_name", tag);
    release.put("target_commitish", "main");
    release.put("name", tag);
    release.put("draft", draft);
    release.put("immutable", false);
    release.put("prerelease", preRelease);
    release.put("created_at", time.minus(1, ChronoUnit.HOURS).toString());
    release.put("published_at", draft ? null : time.toString());
    release.putArray("assets");
    release.putObject("author").put("login", "octocat").put("id", 1).put("type", "User");
    release.put("body", notes);
    releases.add(0, release);
  }

  /** The API's answer. */
  MockResponse answer(RecordedRequest request, String archiveUrl) {
    HttpUrl url = request.getUrl();
    String path = url.encodedPath();
    if (formerName != null && path.startsWith("/repos/" + formerName + "/")) {
      String rest = path.substring(("/repos/" + formerName).length());
      return redirect(301, url.newBuilder().encodedPath("/repositories/4711" + rest).build());
    }
    String rest =
        path.replaceFirst("^/repos/" + name + "(?=/)", "")
            .replaceFirst("^/repositories/4711(?=/)", "");
    if (rest.equals(path)) {
      return error(404, "Not Found");
    }
    if (rest.equals("/releases")) {
      return page(request);
    }
    if (rest.startsWith("/tarball/")) {
      String tag = rest.substring("/tarball/".length());
      String target = archiveUrl + "/" + name + "/legacy.tar.gz/refs/tags/" + tag;
      return redirect(302, HttpUrl.get(target));
    }
    return error(404, "Not Found");
  }

  /** The archive server's answer. */
  MockResponse archive(RecordedRequest request) {
    String path = request.getUrl().encodedPath();
    String prefix = "/" + name + "/legacy.tar.gz/refs/tags/";
    byte[] bytes = path.startsWith(prefix) ? sources.get(path.substring(prefix.length())) : null;
    return bytes == null
        ? new MockResponse.Builder().code(404).body("404: Not Found").build()
        : content(request, "application/x-gzip", bytes);
  }

  private MockResponse page(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    int size = Math.min(number(url, "per_page", USUAL_PER_PAGE), mostPerPage);
    int page = number(url, "page", 1);
    int pages = Math.max(1, (releases.size() + size - 1) / size);
    ArrayNode list = JSON.createArrayNode();
    releases.stream().skip((long) (page - 1) * size).limit(size).forEach(list::add);
    byte[] bytes = list.toString().getBytes(StandardCharsets.UTF_8);
    MockResponse.Builder answer =
        content(request, "application/json; charset=utf-8", bytes).newBuilder();
    if (page < pages) {
      answer.setHeader(
          "Link",
          "<" + at(url, page + 1) + ">; rel=\"next\", <" + at(url, pages) + ">; rel=\"last\"");
    }
    return answer.build();
  }

  private static HttpUrl at(HttpUrl url, int page) {
    return url.newBuilder().setQueryParameter("page", String.valueOf(page)).build();
  }

  private static int number(HttpUrl url, String name, int otherwise) {
    String text = url.queryParameter(name);
    return text == null ? otherwise : Integer.parseInt(text);
  }

  private static MockResponse content(RecordedRequest request, String type, byte[] bytes) {
    String etag = "W/\"" + ByteString.of(bytes).sha256().hex() + "\"";
    MockResponse.Builder answer =
        new MockResponse.Builder()
            .setHeader("ETag", etag)
            .setHeader("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP")
            .setHeader("Cache-Control", "public, max-age=60, s-maxage=60");
    return etag.equals(request.getHeaders().get("If-None-Match"))
        ? answer.code(304).build()
        : answer.setHeader("Content-Type", type).body(new Buffer().write(bytes)).build();
  }

  private static MockResponse redirect(int status, HttpUrl location) {
    return new MockResponse.Builder().code(status).setHeader("Location", location).build();
  }

  static MockResponse error(int status, String message) {
    return GitHubFault.status(status, message).instead("", new MockResponse.Builder().build());
  }
}
