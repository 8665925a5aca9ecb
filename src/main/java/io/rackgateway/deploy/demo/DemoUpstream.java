package io.rackgateway.deploy.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What upstream publishes of the stand-in's releases, as files: {@code releases.json} in the form
 * of GitHub's API, and a folder with the source of each, as far as an upgrade looks at it.
 */
public final class DemoUpstream {

  private static final String MANIFEST =
      """
      environment:
        - DOMAIN=localhost
      services:
        gateway:
          image: docker.io/docspringcom/rack-gateway:%s
          environment:
            - PORT=8080
            - RGW_DATABASE_URL
          health: /api/v1/health
      """;

  private final Path folder;
  private final List<Map<String, Object>> releases = new ArrayList<>();

  /**
   * @param folder where it is written, made with the first release
   */
  public DemoUpstream(Path folder) {
    this.folder = folder;
  }

  /**
   * Publishes a release.
   *
   * @param tag such as {@code v1.1.0}
   * @param migrations how many migrations it holds
   * @param notes in Markdown
   */
  public DemoUpstream publish(String tag, int migrations, String notes) throws IOException {
    Path source = folder.resolve("source").resolve(tag);
    Path sql = Files.createDirectories(source.resolve("internal/gateway/db/migrations"));
    Files.writeString(source.resolve("convox.yml"), MANIFEST.formatted(tag));
    int number = 0;
    for (Map.Entry<String, String> migration : StandInMigrations.of(migrations, false).entrySet()) {
      number++;
      Files.writeString(
          sql.resolve(migration.getKey() + "_step_" + number + ".sql"), migration.getValue());
    }
    Map<String, Object> release = new LinkedHashMap<>();
    release.put("tag_name", tag);
    release.put("name", tag);
    release.put("html_url", "https://example.com/releases/" + tag);
    release.put("draft", false);
    release.put("prerelease", false);
    release.put("published_at", "2026-01-%02dT09:00:00Z".formatted(releases.size() + 1));
    release.put("body", notes);
    releases.add(0, release);
    Files.writeString(
        folder.resolve("releases.json"),
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(releases));
    return this;
  }
}
