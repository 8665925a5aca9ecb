package io.rackgateway.deploy.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.net.LinkHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The tags of a repository, read only to tell which are near one that is not there. */
final class TagList {

  private static final int MOST_PAGES = 10;
  private static final int EACH_SIDE = 2;
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private TagList() {}

  /**
   * The versions next to the wanted one, ascending: two below at most, and two at or above it.
   * Empty when the tag is no version, or the list cannot be had.
   */
  static List<String> near(Http http, RegistryClient client, String wanted)
      throws InterruptedException {
    Optional<Version> version = Version.tryParse(wanted);
    if (version.isEmpty()) {
      return List.of();
    }
    try {
      return near(version.get(), read(http, client));
    } catch (DeployException.Blocked e) {
      // The answer stands without them: the tag is not there.
      return List.of();
    }
  }

  private static List<String> near(Version wanted, List<String> tags) {
    Comparator<String> byVersion = Comparator.comparing(Version::parse);
    List<String> versions =
        tags.stream()
            .filter(tag -> TAG.matcher(tag).matches() && Version.tryParse(tag).isPresent())
            .sorted(byVersion)
            .toList();
    int first = 0;
    while (first < versions.size() && Version.parse(versions.get(first)).compareTo(wanted) < 0) {
      first++;
    }
    return versions.subList(
        Math.max(0, first - EACH_SIDE), Math.min(versions.size(), first + EACH_SIDE));
  }

  private static List<String> read(Http http, RegistryClient client) throws InterruptedException {
    List<String> tags = new ArrayList<>();
    HttpUrl start =
        client.repository().url("tags", "list").newBuilder().addQueryParameter("n", "1000").build();
    HttpUrl next = start;
    for (int page = 0; page < MOST_PAGES && next != null; page++) {
      HttpAnswer answer = client.page(http, next);
      if (!answer.ok()) {
        break;
      }
      for (JsonNode tag : RegistryTrouble.json(client.who(), answer).path("tags")) {
        tags.add(tag.asText());
      }
      next = next(start, next, answer);
    }
    return tags;
  }

  /** The next page by RFC 8288; never on another server. */
  private static @Nullable HttpUrl next(HttpUrl start, HttpUrl page, HttpAnswer answer) {
    HttpUrl next = LinkHeader.next(answer.headers().values("Link")).map(page::resolve).orElse(null);
    return next != null && Repository.sameOrigin(start, next) ? next : null;
  }
}
