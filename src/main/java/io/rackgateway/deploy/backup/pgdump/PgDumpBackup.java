package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Dumps one snapshot of the database into a folder of its own below the folder of backups, in
 * {@code pg_dump}'s directory format, and restores it again. The dump counts once its listing holds
 * everything that the database's catalogue held at the snapshot, and every file has its checksum.
 */
public final class PgDumpBackup implements ArchiveBackups {

  private static final String ID_PREFIX = "rack-gateway-pre-upgrade-";

  private final PgDumpConfig config;
  private final PostgresUrl url;
  private final Commands commands;
  private final Cancellation cancellation;
  private final Waits waits;
  private final DumpFailure failures;
  private final PgPrograms programs;
  private final BackupStore store;

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
    this.cancellation = cancellation;
    this.waits = new Waits(clock, cancellation, Events.none());
    this.failures = new DumpFailure(url, config.directory());
    this.programs = new PgPrograms(config, commands);
    this.store =
        new BackupStore(
            config.directory(),
            new Checksums(cancellation::throwIfPending),
            new EventJson(secrets));
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
    BackupFolder folder = store.folder(ID_PREFIX + request.run().value());
    try {
      Optional<Backup> earlier = earlier(folder);
      return earlier.isPresent() ? earlier.get() : take(request, folder);
    } catch (IOException e) {
      throw failures.unwritable(e);
    }
  }

  @Override
  public List<Backup> list(String gateway) {
    return store.list(gateway);
  }

  @Override
  public Optional<DatabaseFacts> facts(Backup backup) {
    Backup found = store.same(backup);
    return store.reading(found, () -> store.folder(found).facts(found));
  }

  @Override
  public Backup recordProof(Backup backup) {
    Backup found = store.same(backup);
    Backup proven = found.proven(backup.proof());
    if (proven.proof() != found.proof()) {
      try {
        store.folder(found).describe(proven);
      } catch (IOException e) {
        throw failures.unwritable(e);
      }
    }
    return proven;
  }

  @Override
  public void remove(Backup backup) {
    try {
      store.folder(backup).remove();
    } catch (IOException e) {
      throw failures.unwritable(e);
    }
  }

  @Override
  public void check(Backup backup) {
    store.verified(backup);
  }

  @Override
  public void load(Backup backup, PostgresUrl into, boolean unowned) {
    Backup found = store.same(backup);
    store.reading(
        found,
        () -> {
          new Load(config, into, programs, cancellation).from(store.folder(found), found, unowned);
          return found;
        });
  }

  /** The backup that an earlier attempt of the same run finished; a damaged one makes way. */
  private static Optional<Backup> earlier(BackupFolder folder) throws IOException {
    try {
      return folder.verified();
    } catch (DeployException.StepFailed e) {
      folder.remove();
      return Optional.empty();
    }
  }

  private Backup take(Request request, BackupFolder folder) throws IOException {
    long start = System.nanoTime();
    Instant createdAt = waits.clock().instant();
    try {
      folder.begin();
      DatabaseFacts facts =
          new Dump(config, url, programs, waits)
              .into(
                  folder.partial(),
                  folder.partial().resolve(BackupFolder.DATA),
                  folder.partial().resolve(".list"));
      folder.write(facts);
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
}
