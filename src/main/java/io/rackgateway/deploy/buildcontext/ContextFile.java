package io.rackgateway.deploy.buildcontext;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something that is sent.
 *
 * @param name relative to the folder, with slashes
 * @param path where it is
 * @param size in bytes, of a file
 * @param mode the permissions, as in a tar: {@code 0644}
 * @param target where a symbolic link leads, as it is written in it
 */
record ContextFile(
    String name, Path path, Kind kind, long size, int mode, @Nullable String target) {

  /** What it is; anything else is not sent. */
  enum Kind {
    FILE,
    FOLDER,
    LINK
  }
}
