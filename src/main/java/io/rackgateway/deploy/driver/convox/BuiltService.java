package io.rackgateway.deploy.driver.convox;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service that a rack builds from source, as the manifest says: {@code build: FOLDER}, or a
 * mapping with {@code path} and {@code manifest}.
 *
 * @param path the folder of its source, relative to the manifest's
 * @param dockerfile relative to that folder
 */
record BuiltService(String name, String path, String dockerfile) {

  /** Convox takes what is not written as the manifest's own folder and {@code Dockerfile}. */
  static BuiltService of(String name, @Nullable Object build) {
    if (build instanceof Map<?, ?> map) {
      return new BuiltService(
          name, text(map.get("path"), "."), text(map.get("manifest"), "Dockerfile"));
    }
    return new BuiltService(name, text(build, "."), "Dockerfile");
  }

  private static String text(@Nullable Object value, String orElse) {
    // A rack takes an absolute path as one in the folder, too.
    String given = value == null ? "" : value.toString().replaceFirst("^/+", "");
    return given.isEmpty() ? orElse : given;
  }

  /** Whether the rack will put variables into it, so that its files are not known here. */
  boolean interpolated() {
    return (path + dockerfile).contains("${");
  }

  /** The Dockerfile relative to the manifest's folder, with slashes. */
  String file() {
    return Path.of(path).resolve(dockerfile).normalize().toString();
  }

  /** Whether its source is somewhere else than in the manifest's folder. */
  boolean outside() {
    Path source = Path.of(path).normalize();
    return source.startsWith("..") || file().startsWith("..");
  }
}
