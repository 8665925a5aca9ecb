package io.rackgateway.deploy.release.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.text.PlainText;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Releases as JSON in the form of GitHub's "List releases" (REST API, version 2022-11-28): an array
 * of objects with {@code tag_name}, {@code html_url}, {@code body}, {@code draft}, {@code
 * prerelease} and {@code published_at}. Arrays of such arrays, and several arrays one after
 * another, are read too: so tools write the pages of a list.
 */
public final class ReleaseList {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_QUOTE = 120;
  private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[\\x21-\\x7e]+");

  private ReleaseList() {}

  /**
   * Reads a list. Drafts and tags that are no version are left out.
   *
   * @throws Malformed if the text is something else, or breaks off
   */
  public static List<Release> read(byte[] json) throws Malformed {
    List<JsonNode> items = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      while (parser.nextToken() != null) {
        addItems(parser.readValueAsTree(), items);
      }
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (Malformed e) {
      throw e;
    } catch (IOException e) {
      throw new Malformed("is no text in UTF-8", e);
    }
    if (items.isEmpty() && json.length == 0) {
      throw new Malformed("is empty");
    }
    List<Release> releases = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      new Item(items.get(i), i + 1).release().ifPresent(releases::add);
    }
    return releases;
  }

  /** Writes releases so that {@link #read} reads the same ones. */
  public static String write(List<Release> releases) {
    ArrayNode list = JSON.createArrayNode();
    for (Release release : releases) {
      ObjectNode item = list.addObject();
      item.put("tag_name", release.tag());
      item.put("html_url", release.url());
      item.put("body", release.notes());
      item.put("prerelease", release.preRelease());
      Instant published = release.publishedAt();
      item.put("published_at", published == null ? null : published.toString());
    }
    return list.toString();
  }

  /** Each release once, newest version first. */
  public static List<Release> inOrder(Collection<Release> releases) {
    Map<String, Release> byTag = new LinkedHashMap<>();
    releases.forEach(release -> byTag.putIfAbsent(release.tag(), release));
    return byTag.values().stream()
        .sorted(Comparator.comparing(Release::version).reversed())
        .toList();
  }

  private static void addItems(JsonNode root, List<JsonNode> items) throws Malformed {
    if (!root.isArray()) {
      String message = PlainText.line(root.path("message").asText(""), LONGEST_QUOTE);
      throw new Malformed(
          "is "
              + kind(root)
              + " instead of a list of releases"
              + (message.isEmpty() ? "" : ": " + message));
    }
    for (JsonNode item : root) {
      if (item.isArray()) {
        item.forEach(items::add);
      } else {
        items.add(item);
      }
    }
  }

  private static Malformed malformed(JsonProcessingException e) {
    String place =
        e.getLocation() == null
            ? ""
            : ", at line " + e.getLocation().getLineNr() + ", column " + column(e);
    // What else could have stood there helps nobody.
    String reason =
        PlainText.line(
            e.getOriginalMessage().replaceFirst(": (?:expected|was expecting) (?s:.*)", ""),
            LONGEST_QUOTE);
    // Both say so, depending on where it ends.
    boolean ends = e instanceof JsonEOFException || reason.startsWith("Unexpected end-of-input");
    return ends
        ? new Malformed("ends in the middle" + place, e)
        : new Malformed("is no JSON" + place + ": " + reason, e);
  }

  private static int column(JsonProcessingException e) {
    return e.getLocation().getColumnNr();
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case NULL, MISSING -> "null";
      default -> "something else";
    };
  }

  /** One object of the list, at a place counted from 1. */
  private record Item(JsonNode json, int place) {

    Optional<Release> release() throws Malformed {
      if (!json.isObject()) {
        throw new Malformed("has " + kind(json) + " as release " + place);
      }
      String tag = text("tag_name");
      if (tag == null) {
        throw new Malformed("has no tag_name for release " + place);
      }
      boolean draft = flag("draft");
      boolean marked = flag("prerelease");
      String notes = text("body");
      String url = text("html_url");
      Instant published = published();
      Optional<Version> version = draft ? Optional.empty() : Version.tryParse(tag);
      return version.map(
          v ->
              new Release(
                  v,
                  tag,
                  url != null && WEB_ADDRESS.matcher(url).matches() ? url : "",
                  notes == null ? "" : notes,
                  marked || !v.semver().getPreRelease().isEmpty(),
                  published));
    }

    private @Nullable String text(String field) throws Malformed {
      JsonNode value = json.path(field);
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      if (!value.isTextual()) {
        throw new Malformed("has no text as " + field + " of release " + place);
      }
      return value.textValue();
    }

    private boolean flag(String field) throws Malformed {
      JsonNode value = json.path(field);
      if (value.isMissingNode() || value.isNull()) {
        return false;
      }
      if (!value.isBoolean()) {
        throw new Malformed("has neither true nor false as " + field + " of release " + place);
      }
      return value.booleanValue();
    }

    private @Nullable Instant published() throws Malformed {
      String text = text("published_at");
      try {
        return text == null ? null : Instant.parse(text);
      } catch (DateTimeException e) {
        throw new Malformed("has no time as published_at of release " + place, e);
      }
    }
  }
}
