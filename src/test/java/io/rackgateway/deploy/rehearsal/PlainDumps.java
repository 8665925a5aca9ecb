package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.postgres.FactsReader;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Archives by {@code pg_dump}, one file each, with the facts of their source. Checks nothing, and
 * forgets all when it goes.
 */
final class PlainDumps implements ArchiveBackups {

  private final PostgresUrl source;
  private final Path folder;
  private final Commands commands;
  final List<Backup> backups = new ArrayList<>();
  private @Nullable DatabaseFacts facts;

  /** What is done to the copy after it was restored, to spoil it. */
  String spoil = "";

  PlainDumps(PostgresUrl source, Path folder, Commands commands) {
    this.source = source;
    this.folder = folder;
    this.commands = commands;
  }

  @Override
  public String kind() {
    return "plain";
  }

  @Override
  public Gate preflight() {
    return Gate.pass("backup", "possible");
  }

  @Override
  public List<PlannedStep> steps() {
    return List.of(new PlannedStep(Phase.BACKUP, "dump", "dump"));
  }

  @Override
  public Backup backup(Request request) {
    Path file = folder.resolve(request.run() + ".dump");
    try (Connection connection = Interruptible.connect(source)) {
      facts = new FactsReader(connection).read();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    run(source, "pg_dump", "--format=custom", "--compress=1", "--file=" + file);
    Backup backup =
        new Backup(
            "backup-" + request.run(),
            kind(),
            request.gateway(),
            file.toString(),
            1,
            "00",
            Proof.LISTED,
            request.version(),
            Instant.EPOCH,
            Duration.ZERO);
    backups.add(backup);
    return backup;
  }

  @Override
  public List<Backup> list(String gateway) {
    return List.copyOf(backups);
  }

  @Override
  public Optional<DatabaseFacts> facts(Backup backup) {
    return Optional.ofNullable(facts);
  }

  @Override
  public Backup recordProof(Backup backup) {
    backups.replaceAll(known -> known.id().equals(backup.id()) ? backup : known);
    return backup;
  }

  @Override
  public void remove(Backup backup) {
    backups.remove(backup);
  }

  @Override
  public void check(Backup backup) {
    // One file that nobody touches.
  }

  @Override
  public void load(Backup backup, PostgresUrl into, boolean unowned) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "pg_restore",
                "--exit-on-error",
                "--jobs=2",
                "--dbname=" + into.database(),
                backup.location()));
    if (unowned) {
      words.addAll(1, List.of("--no-owner", "--no-acl"));
    }
    run(into, words.toArray(String[]::new));
    if (!spoil.isEmpty()) {
      try (Connection connection = Interruptible.connect(into);
          java.sql.Statement statement = connection.createStatement()) {
        statement.execute(spoil);
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void run(PostgresUrl url, String... words) {
    CommandResult result =
        commands.run(Command.of(words).withEnvironment(url.environment()).asInterruptible());
    if (!result.succeeded()) {
      throw new DeployException.StepFailed(result.reason(), "mend it");
    }
  }
}
