package io.rackgateway.deploy.release.source;

import io.rackgateway.deploy.config.ReleasesConfig;
import java.util.regex.Pattern;

/**
 * Where a release's source holds what an upgrade has to know.
 *
 * @param manifest the path of the Convox manifest
 * @param migrations the folder of the migrations
 */
public record SourceLayout(String manifest, String migrations) {

  private static final Pattern MIGRATION = Pattern.compile("\\d{14}_[^/]+\\.sql");

  public SourceLayout {
    manifest = plain(manifest);
    migrations = plain(migrations);
  }

  public static SourceLayout of(ReleasesConfig config) {
    return new SourceLayout(config.manifest(), config.migrations());
  }

  /** Whether a file at the path, relative to the source's top folder, matters. */
  boolean wants(String path) {
    return path.equals(manifest) || isMigration(path);
  }

  /** Files {@code <14 digits>_<name>.sql} right in the folder; what lies deeper is not applied. */
  boolean isMigration(String path) {
    String folder = migrations.isEmpty() ? "" : migrations + "/";
    return path.startsWith(folder) && isMigrationName(path.substring(folder.length()));
  }

  static boolean isMigrationName(String name) {
    return MIGRATION.matcher(name).matches();
  }

  /** Without the ways to write the same path differently. */
  private static String plain(String path) {
    return path.replaceFirst("^(\\.?/)+", "").replaceFirst("/+$", "");
  }
}
