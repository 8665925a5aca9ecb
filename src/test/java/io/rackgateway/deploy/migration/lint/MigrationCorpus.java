package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.model.PendingMigration.Finding;
import io.rackgateway.deploy.model.PendingMigration.Kind;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The migrations under {@code src/test/resources/migrations/corpus}, each on top of the schema in
 * {@code old/}. The first comments of a file say what is to be expected of it:
 *
 * <ul>
 *   <li>{@code expect: KIND LINE TABLE}, a finding of the lint; {@code expect: nothing}, none
 *   <li>{@code conservative: REASON}, it says that the previous version breaks, which these rows
 *       and queries do not show
 *   <li>{@code fails: SQLSTATE}, it fails on the rows in {@code old/rows.sql}
 *   <li>{@code bad-rows: SQL}, it fails on the rows once this was done to them
 * </ul>
 */
final class MigrationCorpus {

  private static final Path ROOT = Path.of("src/test/resources/migrations");

  /** One file; its name is the name of the test. */
  record Case(String name, String sql) {

    List<Expected> expected() {
      return notes("expect").filter(note -> !note.equals("nothing")).map(Expected::parse).toList();
    }

    Optional<String> note(String key) {
      return notes(key).findFirst();
    }

    private Stream<String> notes(String key) {
      String start = "-- " + key + ": ";
      return sql.lines()
          .takeWhile(line -> line.startsWith("-- "))
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()));
    }

    boolean expects(Kind kind) {
      return expected().stream().anyMatch(finding -> finding.kind() == kind);
    }

    MigrationFile file() {
      return new MigrationFile("20250201000000", name, sql);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A finding without its words. */
  record Expected(Kind kind, int line, String table) {

    static Expected parse(String note) {
      String[] parts = note.split(" ", 3);
      String kind = parts[0].toUpperCase(Locale.ROOT).replace('-', '_');
      return new Expected(
          Kind.valueOf(kind), Integer.parseInt(parts[1]), parts.length > 2 ? parts[2] : "");
    }

    static Expected of(Finding finding) {
      return new Expected(finding.kind(), finding.line(), finding.table());
    }
  }

  private MigrationCorpus() {}

  static List<Case> cases() {
    try (Stream<Path> files = Files.list(ROOT.resolve("corpus"))) {
      return files
          .sorted()
          .map(file -> new Case(file.getFileName().toString(), read(file)))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(ROOT + " cannot be read", e);
    }
  }

  static MigrationFile oldMigration() {
    return new MigrationFile("20250101000000", "schema.sql", oldSchema());
  }

  static String oldSchema() {
    return read(ROOT.resolve("old/schema.sql"));
  }

  static String oldRows() {
    return read(ROOT.resolve("old/rows.sql"));
  }

  /** What the previous version asks and writes, in every column there is. */
  static List<String> oldQueries() {
    return Arrays.stream(read(ROOT.resolve("old/queries.sql")).split("\n\n", -1))
        .map(String::strip)
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }
}
