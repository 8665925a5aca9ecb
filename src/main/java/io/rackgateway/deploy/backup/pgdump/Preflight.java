package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Whether a backup would succeed, found out without taking one. A compressed dump is rarely larger
 * than half of the database's files, and can hardly be larger than all of them: less room than half
 * blocks, less than all of it warns.
 */
final class Preflight {

  private static final String NAME = "backup";
  private static final int NAMED = 5;

  private final PgDumpConfig config;
  private final PostgresUrl url;
  private final Commands commands;

  Preflight(PgDumpConfig config, PostgresUrl url, Commands commands) {
    this.config = config;
    this.url = url;
    this.commands = commands;
  }

  Gate gate() {
    Optional<PgTool> dump = find("pg_dump");
    Optional<PgTool> restore = find("pg_restore");
    if (dump.isEmpty() || restore.isEmpty()) {
      return Gate.block(
          NAME,
          PgTool.program(config.binDirectory(), dump.isEmpty() ? "pg_dump" : "pg_restore")
              + " was not found, or does not tell its version",
          "install PostgreSQL's client programs (package postgresql-client), or set"
              + " backup.pgDump.binDirectory to their folder");
    }
    SourceDatabase.Facts facts;
    try {
      facts = new SourceDatabase(url).facts();
    } catch (SQLException e) {
      return Gate.block(
          NAME,
          PostgresFailure.describe(url, e),
          "correct database.adminUrl or database.url, or start the database");
    }
    return judge(dump.get(), restore.get(), facts);
  }

  private Optional<PgTool> find(String name) {
    return PgTool.find(commands, PgTool.program(config.binDirectory(), name));
  }

  private Gate judge(PgTool dump, PgTool restore, SourceDatabase.Facts facts) {
    PgTool older = dump.major() <= restore.major() ? dump : restore;
    if (older.major() < facts.major()) {
      return Gate.block(
          NAME,
          older.program()
              + " "
              + older.version()
              + " is older than the server, "
              + facts.version()
              + ": it would refuse",
          "install postgresql-client-"
              + facts.major()
              + ", or set backup.pgDump.binDirectory to the folder of one");
    }
    if (!facts.unreadable().isEmpty()) {
      return Gate.block(
          NAME,
          "user '"
              + url.user()
              + "' may not read "
              + some(facts.unreadable())
              + ", so the dump would fail",
          "set database.adminUrl to a user that may read all of the database, row-level security"
              + " included");
    }
    return room(dump, facts);
  }

  private Gate room(PgTool dump, SourceDatabase.Facts facts) {
    Path directory = config.directory().toAbsolutePath();
    Path existing = DiskSpace.existing(directory);
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return Gate.block(
          NAME,
          "the folder of backups " + directory + " cannot be written to",
          "give this user a folder it may write to in backup.pgDump.directory");
    }
    long free;
    try {
      free = DiskSpace.free(directory);
    } catch (IOException e) {
      return Gate.block(
          NAME,
          "the room left for the folder of backups " + directory + " cannot be found out",
          "choose another backup.pgDump.directory");
    }
    String found =
        "pg_dump "
            + dump.version()
            + " for server "
            + facts.version()
            + ", database "
            + DiskSpace.text(facts.bytes())
            + ", "
            + DiskSpace.text(free)
            + " free";
    String next = "make room in " + directory + ", or choose another backup.pgDump.directory";
    if (free < facts.bytes() / 2) {
      return Gate.block(NAME, found + ": that is too little", next);
    }
    return free < facts.bytes()
        ? Gate.warn(NAME, found + ": that may be too little", next)
        : Gate.pass(NAME, found);
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
        + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
  }
}
