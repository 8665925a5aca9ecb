package io.rackgateway.deploy.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The section {@code backup.pgDump}. */
public record PgDumpConfig(
    @Key(value = "The folder that backups are kept in.", orElse = "backups") Path directory,
    @Key(value = "How many tables are dumped at once.", orElse = "2") int jobs,
    @Key("The folder of pg_dump and pg_restore. Left out, they are looked for on the PATH.")
        @Nullable Path binDirectory,
    @Key(value = "How long a backup may take.", orElse = "2h") Duration timeout,
    @Key(
            value =
                "How dumps are compressed. auto takes the first of zstd, lz4 and gzip that pg_dump can write.",
            orElse = "auto")
        Compression compression) {

  /** How dumps are compressed, always at a fast level. */
  public enum Compression {
    AUTO,
    ZSTD,
    LZ4,
    GZIP,
    NONE
  }
}
