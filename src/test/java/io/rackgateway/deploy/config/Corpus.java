package io.rackgateway.deploy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The configuration files under {@code src/test/resources/config}. An invalid one says in its first
 * comments what the parser must find: {@code # expect:} the first finding, {@code # also:} another;
 * {@code # schema: accepts, REASON} marks what only the parser can find.
 */
final class Corpus {

  static final Map<String, String> ENVIRONMENT =
      Map.ofEntries(
          Map.entry("DATABASE_URL", "postgresql://gateway:p%40ss-word@127.0.0.1:5432/gateway"),
          Map.entry("ADMIN_DATABASE_URL", "postgresql://admin:admin-word@127.0.0.1/gateway"),
          Map.entry("MYSQL_URL", "mysql://gateway:some-word@127.0.0.1/gateway"),
          Map.entry("RACK_GATEWAY_API_TOKEN", "rgw_token"),
          Map.entry("JOURNAL_PASSWORD", "journal-word"),
          Map.entry("PROMETHEUS_TOKEN", "prometheus-word"),
          Map.entry("SLACK_URL", "https://hooks.example.com/services/slack-word"),
          Map.entry("HOOK_URL", "https://hooks.example.com/hook-word"),
          Map.entry("HOOK_SECRET", "hook-key-word"),
          Map.entry("NAME", "staging"),
          Map.entry("HOST", "staging.example.com"),
          Map.entry("FOLDER", "/srv"),
          Map.entry("STRATEGY", "stop-first"),
          Map.entry("TIMEOUT", "3m"),
          Map.entry("JOBS", "4"),
          Map.entry("PROBE", "false"),
          Map.entry("EMPTY", ""));

  /** One file; its name is the name of the test. */
  record Case(Path file, List<String> lines) {

    List<String> comments(String name) {
      String start = "# " + name + ": ";
      return lines.stream()
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()))
          .toList();
    }

    String text() {
      return String.join("\n", lines) + "\n";
    }

    @Override
    public String toString() {
      return file.getFileName().toString();
    }
  }

  private static final Path ROOT = Path.of("src/test/resources/config");

  private Corpus() {}

  static List<Case> valid() {
    return read(ROOT.resolve("valid"));
  }

  static List<Case> invalid() {
    return read(ROOT.resolve("invalid"));
  }

  private static List<Case> read(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(Corpus::readCase).toList();
    } catch (IOException e) {
      throw new IllegalStateException(folder + " cannot be read", e);
    }
  }

  private static Case readCase(Path file) {
    try {
      return new Case(file, Files.readAllLines(file));
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }
}
