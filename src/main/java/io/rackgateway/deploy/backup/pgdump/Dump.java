package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresFailure;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes one archive of a snapshot, and finds out meanwhile what the database holds at it. The
 * archive counts once its listing has everything that the catalogue has.
 */
final class Dump {

  /** A dump that waits for a lock holds up the run; whoever holds one that long is named by it. */
  private static final String LOCK_TIMEOUT_MILLIS = "60000";

  private final PgDumpConfig config;
  private final PostgresUrl url;
  private final PgPrograms programs;
  private final Waits waits;
  private final DumpFailure failures;

  Dump(PgDumpConfig config, PostgresUrl url, PgPrograms programs, Waits waits) {
    this.config = config;
    this.url = url;
    this.programs = programs;
    this.waits = waits;
    this.failures = new DumpFailure(url, config.directory());
  }

  /**
   * Writes an archive.
   *
   * @param folder what the disk is known by
   * @param data the archive's own folder, which is made
   * @param scratch a file that may be written meanwhile
   * @return what the archive holds
   */
  DatabaseFacts into(Path folder, Path data, Path scratch) throws IOException {
    String compress = new Compressor(programs).option(config.compression());
    Contents contents = dump(folder, data, compress);
    Consumer<CommandResult> failed =
        result -> {
          throw failures.of(result);
        };
    Listing listing = programs.listing(data, failed);
    List<String> missing = listing.missing(contents.catalogue());
    if (!missing.isEmpty()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the dump lacks " + missing.get(0) + ", which the database holds",
              "check that pg_dump and the database are sound, then run the same command again",
              missing));
    }
    return new SequenceValues(programs).in(data, listing, contents.facts(), scratch, failed);
  }

  /** What the database holds at the snapshot. */
  private record Contents(List<Catalogue.Entry> catalogue, DatabaseFacts facts) {}

  private Contents dump(Path folder, Path data, String compress) throws IOException {
    Cancellation stop = new Cancellation();
    try (Snapshot snapshot = Snapshot.open(url, config.timeout())) {
      Aside<Contents> contents = Aside.begin("facts-reader", () -> read(snapshot, stop));
      try (RoomWatch room = new RoomWatch(folder, waits, config.timeout(), stop)) {
        CommandResult result = run(data, compress, snapshot, stop);
        Optional<Long> low = room.low();
        if (low.isPresent()) {
          throw failures.diskNearlyFull(low.get());
        }
        if (stop.reason() != null) {
          contents.databaseResult();
        }
        if (!result.succeeded()) {
          throw failures.of(result);
        }
        return contents(contents, snapshot);
      } catch (IOException | SQLException | RuntimeException e) {
        snapshot.abandon();
        contents.finished();
        throw e;
      }
    } catch (SQLException e) {
      waits.cancellation().throwIfPending();
      throw failures.database(e, PostgresFailure.describe(url, e));
    }
  }

  /** A failure to read ends the dump, which would be worth nothing. */
  private static Contents read(Snapshot snapshot, Cancellation stop) throws SQLException {
    try {
      return new Contents(snapshot.catalogue(), snapshot.facts());
    } catch (SQLException | RuntimeException e) {
      stop.request("the database could not be read");
      throw e;
    }
  }

  /** The rest of what is still being read, which a cancelled run does not wait for. */
  private Contents contents(Aside<Contents> contents, Snapshot snapshot)
      throws IOException, SQLException {
    Cancellation.Registration registration = waits.cancellation().onRequest(snapshot::abandon);
    try {
      return contents.databaseResult();
    } finally {
      registration.close();
    }
  }

  private CommandResult run(Path data, String compress, Snapshot snapshot, Cancellation stop) {
    return programs.run(
        List.of(
            "pg_dump",
            "--format=directory",
            "--jobs=" + config.jobs(),
            compress,
            "--snapshot=" + snapshot.id(),
            "--no-password",
            // Made durable with the rest of the backup, after it was compared.
            "--no-sync",
            "--lock-wait-timeout=" + LOCK_TIMEOUT_MILLIS,
            "--file=" + data),
        url,
        List.of(),
        line -> {},
        stop);
  }
}
