package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.config.PgDumpConfig.Compression;
import io.rackgateway.deploy.model.DeployException;
import java.util.List;
import java.util.Locale;

/**
 * Chooses how a dump is compressed. pg_dump knows zstd and lz4 from version 16 on, and then only
 * where it was built with them; it says so before it connects or writes anything.
 */
final class Compressor {

  private static final int FIRST_WITH_METHODS = 16;

  private final PgPrograms programs;

  Compressor(PgPrograms programs) {
    this.programs = programs;
  }

  /**
   * The words for {@code pg_dump}.
   *
   * @throws DeployException.StepFailed if it cannot write what is asked for
   */
  String option(Compression wanted) {
    if (wanted == Compression.NONE) {
      return "--compress=0";
    }
    boolean methods = wanted != Compression.GZIP && programs.major("pg_dump") >= FIRST_WITH_METHODS;
    if (wanted == Compression.AUTO) {
      return methods && writes("zstd:1")
          ? "--compress=zstd:1"
          : methods && writes("lz4") ? "--compress=lz4" : "--compress=1";
    }
    if (wanted == Compression.GZIP) {
      return "--compress=1";
    }
    String name = wanted.name().toLowerCase(Locale.ROOT);
    String method = wanted == Compression.ZSTD ? "zstd:1" : name;
    if (!methods || !writes(method)) {
      throw new DeployException.StepFailed(
          "this pg_dump cannot compress with " + name,
          "set backup.pgDump.compression to auto, or backup.pgDump.binDirectory to a pg_dump "
              + FIRST_WITH_METHODS
              + " or later that was built with "
              + name);
    }
    return "--compress=" + method;
  }

  /** The folder cannot be made, so pg_dump stops there unless it stops at the method. */
  private boolean writes(String method) {
    return programs
        .run(
            List.of(
                "pg_dump",
                "--format=directory",
                "--compress=" + method,
                "--host=/dev/null",
                "--no-password",
                "--file=/dev/null/dump"),
            line -> {})
        .tail()
        .stream()
        .noneMatch(line -> line.contains("compress"));
  }
}
