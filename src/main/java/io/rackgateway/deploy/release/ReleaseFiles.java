package io.rackgateway.deploy.release;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a release's source holds that an upgrade has to know.
 *
 * @param manifest the text of its {@code convox.yml}, null when it has none
 * @param migrations its migrations, ascending by version; empty when it has none
 */
public record ReleaseFiles(@Nullable String manifest, List<MigrationFile> migrations) {

  /**
   * A migration of the release.
   *
   * @param version the 14 digits that begin its file's name
   * @param path in the source, such as {@code internal/gateway/db/migrations/…_name.sql}
   */
  public record MigrationFile(String version, String path, String sql) {}

  public ReleaseFiles {
    migrations = List.copyOf(migrations);
  }
}
