package io.rackgateway.deploy.config;

import org.jspecify.annotations.Nullable;

/** The section {@code backup}. */
@OneOf(
    value = {"pgDump", "none"},
    noun = "backup method")
public record BackupConfig(
    @Key("pg_dump into a folder.") @Nullable PgDumpConfig pgDump,
    @Key("No backup by this tool.") @Nullable NoBackupConfig none) {}
