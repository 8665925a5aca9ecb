package io.rackgateway.deploy.backup.pgdump;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Room on disks, and sizes as people read them. */
final class DiskSpace {

  private DiskSpace() {}

  /** Bytes that this user may still write below a folder, which need not exist yet. */
  static long free(Path folder) throws IOException {
    return Files.getFileStore(existing(folder)).getUsableSpace();
  }

  /** The folder, or the nearest folder above it that exists. */
  static Path existing(Path folder) {
    Path path = folder.toAbsolutePath();
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }

  /** {@code 12 MB}. */
  static String text(long bytes) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(
        Locale.ROOT, value < 10 && unit > 1 ? "%.1f %s" : "%.0f %s", value, units[unit]);
  }
}
