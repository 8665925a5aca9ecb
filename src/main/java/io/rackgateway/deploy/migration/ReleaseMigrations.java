package io.rackgateway.deploy.migration;

import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The migrations that a release carries, by the names of their files. */
public final class ReleaseMigrations {

  private static final Pattern FILE = Pattern.compile("(\\d{14})_.+\\.sql");

  private ReleaseMigrations() {}

  /**
   * The versions of the files {@code <14 digits>_<name>.sql} in a folder, ascending. Other files do
   * not count.
   *
   * @throws DeployException.Usage if the folder cannot be read or holds no migration
   */
  public static List<String> in(Path folder) {
    List<String> versions;
    try (Stream<Path> files = Files.list(folder)) {
      versions =
          files
              .map(file -> FILE.matcher(file.getFileName().toString()))
              .filter(Matcher::matches)
              .map(matcher -> matcher.group(1))
              .distinct()
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the folder of migrations " + folder + " cannot be read: " + e.getClass().getSimpleName(),
          "correct verify.migrations, or leave it out");
    }
    if (versions.isEmpty()) {
      throw new DeployException.Usage(
          "the folder of migrations " + folder + " holds no file <version>_<name>.sql",
          "let verify.migrations name the folder internal/gateway/db/migrations of the release");
    }
    return versions;
  }
}
