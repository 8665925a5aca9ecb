package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Dumps the database into a folder of its own below the folder of backups, in {@code pg_dump}'s
 * directory format. The dump counts once its listing holds every table and sequence of the
 * database, and every file has its checksum.
 */
public final class PgDumpBackup implements ArchiveBackups {

  private static final String ID_PREFIX = "rack-gateway-pre-upgrade-";

  /** A dump that waits for a lock holds up the run; whoever holds one that long is named by it. */
  private static final String LOCK_TIMEOUT_MILLIS = "60000";

  private final PgDumpConfig config;
  private final PostgresUrl url;
  private final Commands commands;
  private final Clock clock;
  private final Cancellation cancellation;
  private final DumpFailure failures;
  private final EventJson json;

  /**
   * @param secrets known secrets, which no description of a backup may hold
   * @throws DeployException.Usage if the database URL cannot be read
   */
  public PgDumpBackup(
      PgDumpConfig config,
      DatabaseConfig database,
      Commands commands,
      Clock clock,
      Cancellation cancellation,
      Secrets secrets) {
    this.config = config;
    this.url =
        PostgresUrl.parse(
            database.adminUrl() == null ? "database.url" : "database.adminUrl", database.dumpUrl());
    this.commands = commands;
    this.clock = clock;
    this.cancellation = cancellation;
    this.failures = new DumpFailure(url, config.directory());
    this.json = new EventJson(secrets);
  }

  @Override
  public String kind() {
    return "pgDump";
  }

  @Override
  public Gate preflight() {
    return new Preflight(config, url, commands).gate();
  }

  @Override
  public List<PlannedStep> steps() {
    return List.of(
        new PlannedStep(
            Phase.BACKUP,
            "pg-dump",
            "dump "
                + url.display()
                + ", into a new folder below "
                + config.directory()
                + " with pg_dump, and compare its listing with the database"));
  }

  @Override
  public Backup backup(Request request) {
    BackupFolder folder = folder(ID_PREFIX + request.run().value());
    try {
      Optional<Backup> earlier = earlier(folder);
      return earlier.isPresent() ? earlier.get() : take(request, folder);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public List<Backup> list(String gateway) {
    List<Backup> found = new ArrayList<>();
    if (!java.nio.file.Files.isDirectory(config.directory())) {
      return found;
    }
    try (java.util.stream.Stream<Path> all = java.nio.file.Files.list(config.directory())) {
      for (Path each : all.toList()) {
        Path file = each.resolve("backup.json");
        if (java.nio.file.Files.exists(file) && !each.getFileName().toString().startsWith(".")) {
          Backup backup = json.readBackup(java.nio.file.Files.readString(file), file.toString());
          if (backup.gateway().equals(gateway)) {
            found.add(backup);
          }
        }
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
    found.sort(java.util.Comparator.comparing(Backup::createdAt).reversed());
    return found;
  }

  @Override
  public Optional<DatabaseFacts> facts(Backup backup) {
    return Optional.empty();
  }

  @Override
  public Backup recordProof(Backup backup) {
    return backup;
  }

  @Override
  public void remove(Backup backup) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void check(Backup backup) {
    verify(backup.id());
  }

  @Override
  public void load(Backup backup, PostgresUrl into, boolean unowned) {
    check(backup);
    CommandResult result =
        commands.run(
            Command.of(
                    PgTool.program(config.binDirectory(), "pg_restore"),
                    "--exit-on-error",
                    "--no-password",
                    "--jobs=" + config.jobs(),
                    "--dbname=" + into.database(),
                    Path.of(backup.location()).resolve("data").toString())
                .withEnvironment(into.environment())
                .withTimeout(config.timeout())
                .asInterruptible());
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the backup could not be restored: " + result.reason(), "see why", result.tail()));
    }
  }

  /**
   * Compares every file of a finished backup with its checksum.
   *
   * @throws DeployException.StepFailed if it is not there or damaged
   */
  public Backup verify(String id) {
    try {
      return folder(id)
          .verified()
          .orElseThrow(
              () ->
                  new DeployException.StepFailed(
                      "there is no backup " + id + " in " + config.directory().toAbsolutePath(),
                      "see 'backups' for those there are"));
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the backup " + id + " cannot be read: " + e.getMessage(),
              "check the folder " + config.directory().toAbsolutePath()),
          e);
    }
  }

  private BackupFolder folder(String id) {
    return new BackupFolder(
        config.directory(), id, new Checksums(cancellation::throwIfPending), json);
  }

  /** The backup that an earlier attempt of the same run finished; a damaged one makes way. */
  private static Optional<Backup> earlier(BackupFolder folder) throws IOException {
    try {
      return folder.verified();
    } catch (DeployException.StepFailed e) {
      folder.discardFinished();
      return Optional.empty();
    }
  }

  private Backup take(Request request, BackupFolder folder) throws IOException {
    long start = System.nanoTime();
    Instant createdAt = clock.instant();
    try {
      folder.begin();
      Map<Long, SourceDatabase.Relation> before = relations();
      dump(folder.partial().resolve(BackupFolder.DATA));
      Map<Long, SourceDatabase.Relation> expected = relations();
      // What came or went while the dump ran may be in it or not.
      expected.keySet().retainAll(before.keySet());
      prove(folder.partial().resolve(BackupFolder.DATA), expected);
      String sha256 = folder.seal();
      Backup backup =
          new Backup(
              folder.finished().getFileName().toString(),
              kind(),
              request.gateway(),
              folder.finished().toString(),
              folder.bytes(),
              sha256,
              Proof.LISTED,
              request.version(),
              createdAt,
              // Whole milliseconds, as backup.json keeps them: a second look tells the same.
              Waits.since(start).truncatedTo(ChronoUnit.MILLIS));
      folder.finish(backup);
      return backup;
    } catch (IOException | RuntimeException e) {
      try {
        folder.discard();
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private Map<Long, SourceDatabase.Relation> relations() {
    try {
      return new SourceDatabase(url).relations();
    } catch (SQLException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              PostgresFailure.describe(url, e),
              "see why the database does not answer, then run the same command again"),
          e);
    }
  }

  private void dump(Path data) {
    CommandResult result =
        commands.run(
            command(
                "pg_dump",
                "--format=directory",
                "--jobs=" + config.jobs(),
                "--no-password",
                "--lock-wait-timeout=" + LOCK_TIMEOUT_MILLIS,
                "--file=" + data));
    if (!result.succeeded()) {
      throw failures.of(result);
    }
  }

  private void prove(Path data, Map<Long, SourceDatabase.Relation> expected) {
    Listing listing = new Listing();
    CommandResult result = commands.run(command("pg_restore", "--list", data.toString()), listing);
    if (!result.succeeded()) {
      throw failures.of(result);
    }
    List<String> missing = listing.missing(expected);
    if (!missing.isEmpty()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the dump lacks " + missing.get(0) + ", which the database holds",
              "check that pg_dump and the database are sound, then run the same command again",
              missing));
    }
  }

  private Command command(String program, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(PgTool.program(config.binDirectory(), program));
    words.addAll(List.of(arguments));
    return Command.of(words)
        .withEnvironment(url.environment())
        .withTimeout(config.timeout())
        .asInterruptible();
  }

  private DeployException.StepFailed unwritable(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
      return failures.diskFull();
    }
    return new DeployException.StepFailed(
        Problem.of(
            "the folder of backups "
                + config.directory().toAbsolutePath()
                + " cannot be written to: "
                + e.getClass().getSimpleName()
                + " "
                + message,
            "give this user a folder it may write to in backup.pgDump.directory"),
        e);
  }
}
