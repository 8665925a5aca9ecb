package io.rackgateway.deploy.journal.jdbc;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Holder;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.Owner;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The journal on a JDBC connection that it owns. Made by {@link Journals}. */
final class JdbcJournal implements Journal {

  private static final String SOURCE = "the journal";
  private static final String BASELINE = "baseline";
  private static final String BAKE = "bake";

  private final Connection connection;
  private final Sql sql;
  private final Leases leases;
  private final EventJson json;
  private final Clock clock;
  private final boolean embedded;
  private final Runnable onClose;

  JdbcJournal(
      Connection connection, EventJson json, Clock clock, boolean embedded, Runnable onClose) {
    this.connection = connection;
    this.sql = new Sql(connection);
    this.leases = new Leases(sql, embedded);
    this.json = json;
    this.clock = clock;
    this.embedded = embedded;
    this.onClose = onClose;
  }

  @Override
  public void begin(RunRecord run) {
    var plan = run.plan();
    durably(
        () ->
            sql.update(
                "INSERT INTO run (id, gateway, command, plan, started_at) VALUES (?, ?, ?, ?, ?)",
                run.id().value(),
                run.gateway(),
                run.command(),
                plan == null ? null : json.write(plan),
                run.startedAt()));
  }

  @Override
  public void turnBack(RunId run, String reason) {
    durably(() -> sql.update("UPDATE run SET undoing = ? WHERE id = ?", reason, run.value()));
  }

  @Override
  public void intend(RunId run, Phase phase, String effect) {
    durably(
        () -> {
          int known =
              sql.update(
                  "UPDATE effect SET state = 'INTENDED', attempts = attempts + 1, ended_at = NULL,"
                      + " reason = NULL WHERE run_id = ? AND phase = ? AND name = ?",
                  run.value(),
                  phase.name(),
                  effect);
          if (known == 0) {
            sql.update(
                "INSERT INTO effect (run_id, position, phase, name, state, attempts, intended_at)"
                    + " SELECT CAST(? AS VARCHAR(40)), COUNT(*) + 1, CAST(? AS VARCHAR(40)),"
                    + " CAST(? AS VARCHAR(100)), 'INTENDED', 1,"
                    + " CAST(? AS TIMESTAMP(6) WITH TIME ZONE)"
                    + " FROM effect WHERE run_id = ?",
                run.value(),
                phase.name(),
                effect,
                clock.instant(),
                run.value());
          }
          return known;
        });
  }

  @Override
  public void done(RunId run, Phase phase, String effect) {
    end(run, phase, effect, EffectRecord.State.DONE, null);
  }

  @Override
  public void failed(RunId run, Phase phase, String effect, String reason) {
    end(run, phase, effect, EffectRecord.State.FAILED, reason);
  }

  private void end(
      RunId run, Phase phase, String effect, EffectRecord.State state, @Nullable String reason) {
    durably(
        () ->
            sql.update(
                "UPDATE effect SET state = ?, ended_at = ?, reason = ?"
                    + " WHERE run_id = ? AND phase = ? AND name = ?",
                state.name(),
                clock.instant(),
                reason,
                run.value(),
                phase.name(),
                effect));
  }

  @Override
  public void finish(RunId run, RunResult result) {
    durably(
        () ->
            sql.update(
                "UPDATE run SET outcome = ?, result = ?, finished_at = ? WHERE id = ?",
                result.outcome().name(),
                json.write(result),
                result.finishedAt(),
                run.value()));
  }

  @Override
  public Optional<RunRecord> find(RunId run) {
    return transaction(
        () -> sql.first(this::runRecord, "SELECT * FROM run WHERE id = ?", run.value()));
  }

  @Override
  public Optional<RunRecord> unfinished(String gateway) {
    return transaction(
        () ->
            sql.first(
                this::runRecord,
                "SELECT * FROM run WHERE gateway = ? AND (outcome IS NULL OR outcome IN (?, ?))"
                    + " ORDER BY started_at DESC, id DESC",
                gateway,
                ExitCode.FAILED.name(),
                ExitCode.INTERRUPTED.name()));
  }

  @Override
  public List<RunRecord> runs(String gateway, int limit) {
    return transaction(
        () ->
            sql.list(
                this::runRecord,
                "SELECT * FROM run WHERE gateway = ? ORDER BY started_at DESC, id DESC LIMIT ?",
                gateway,
                limit));
  }

  @Override
  public List<EffectRecord> effects(RunId run) {
    return transaction(
        () ->
            sql.list(
                JdbcJournal::effectRecord,
                "SELECT * FROM effect WHERE run_id = ? ORDER BY position",
                run.value()));
  }

  @Override
  public void recordBaseline(RunId run, Baseline baseline) {
    durably(() -> note(run, BASELINE, json.write(baseline)));
  }

  @Override
  public Optional<Baseline> baseline(RunId run) {
    return note(run, BASELINE).map(body -> json.readBaseline(body, SOURCE));
  }

  @Override
  public void recordBake(RunId run, Bake bake) {
    transaction(() -> note(run, BAKE, json.write(bake)));
  }

  @Override
  public Optional<Bake> bake(RunId run) {
    return note(run, BAKE).map(body -> json.readBake(body, SOURCE));
  }

  private int note(RunId run, String name, String body) throws SQLException {
    sql.update("DELETE FROM note WHERE run_id = ? AND name = ?", run.value(), name);
    return sql.update(
        "INSERT INTO note (run_id, name, body) VALUES (?, ?, ?)", run.value(), name, body);
  }

  private Optional<String> note(RunId run, String name) {
    return transaction(
        () ->
            sql.first(
                row -> row.getString("body"),
                "SELECT body FROM note WHERE run_id = ? AND name = ?",
                run.value(),
                name));
  }

  @Override
  public void recordLook(String gateway, Look look) {
    durably(
        () ->
            sql.update(
                "INSERT INTO look (gateway, run_id, happened, body) VALUES (?, ?, ?, ?)",
                gateway,
                look.run().value(),
                look.at(),
                json.write(look)));
  }

  @Override
  public List<Look> looks(RunId run) {
    return transaction(
        () ->
            sql.list(
                row -> json.readLook(row.getString("body"), SOURCE),
                "SELECT body FROM look WHERE run_id = ? ORDER BY happened",
                run.value()));
  }

  @Override
  public void recordBackup(RunId run, Backup backup) {
    durably(
        () -> {
          sql.update("DELETE FROM backup WHERE id = ?", backup.id());
          return sql.update(
              "INSERT INTO backup (id, run_id, gateway, created_at, body) VALUES (?, ?, ?, ?, ?)",
              backup.id(),
              run.value(),
              backup.gateway(),
              backup.createdAt(),
              json.write(backup));
        });
  }

  @Override
  public List<Backup> backups(String gateway) {
    return transaction(
        () ->
            sql.list(
                this::backup,
                "SELECT * FROM backup WHERE gateway = ? ORDER BY created_at DESC, id DESC",
                gateway));
  }

  @Override
  public Optional<Backup> backup(String id) {
    return transaction(() -> sql.first(this::backup, "SELECT * FROM backup WHERE id = ?", id));
  }

  @Override
  public Optional<Backup> backupOf(RunId run) {
    return transaction(
        () ->
            sql.first(
                this::backup,
                "SELECT * FROM backup WHERE run_id = ? ORDER BY created_at DESC",
                run.value()));
  }

  private Backup backup(ResultSet row) throws SQLException {
    return json.readBackup(row.getString("body"), SOURCE);
  }

  @Override
  public void forgetBackup(String id) {
    durably(() -> sql.update("DELETE FROM backup WHERE id = ?", id));
  }

  @Override
  public Set<String> neededBackups(String gateway) {
    return transaction(
        () -> {
          Set<String> needed =
              new HashSet<>(
                  sql.list(
                      row -> row.getString("id"),
                      "SELECT b.id FROM backup b JOIN run r ON r.id = b.run_id WHERE b.gateway = ?"
                          + " AND (r.outcome IS NULL OR r.outcome IN (?, ?))",
                      gateway,
                      ExitCode.FAILED.name(),
                      ExitCode.INTERRUPTED.name()));
          sql
              .list(
                  this::runRecord,
                  "SELECT * FROM run WHERE gateway = ? AND (outcome IS NULL OR outcome IN (?, ?))",
                  gateway,
                  ExitCode.FAILED.name(),
                  ExitCode.INTERRUPTED.name())
              .stream()
              .map(RunRecord::plan)
              .filter(Objects::nonNull)
              .map(Plan::restores)
              .filter(Objects::nonNull)
              .forEach(needed::add);
          return Set.copyOf(needed);
        });
  }

  @Override
  public void append(EventRecord event) {
    String run = event.run();
    if (run == null) {
      return;
    }
    transaction(
        () ->
            sql.update(
                "INSERT INTO event (run_id, happened, position, body) VALUES (?, ?, ?, ?)",
                run,
                event.time(),
                event.sequence(),
                json.write(event)));
  }

  @Override
  public Optional<String> acquire(String gateway, RunId run, Owner owner, Duration lifetime) {
    return durably(() -> leases.acquire(gateway, run, owner, lifetime));
  }

  @Override
  public boolean renew(String gateway, RunId run, Owner owner, Duration lifetime) {
    return transaction(() -> leases.renew(gateway, run, owner, lifetime));
  }

  @Override
  public Optional<Holder> holder(String gateway) {
    return transaction(() -> leases.holder(gateway));
  }

  @Override
  public void release(String gateway, RunId run) {
    durably(() -> leases.release(gateway, run));
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unavailable(e);
    } finally {
      onClose.run();
    }
  }

  private RunRecord runRecord(ResultSet row) throws SQLException {
    String plan = row.getString("plan");
    String result = row.getString("result");
    return new RunRecord(
        new RunId(row.getString("id")),
        row.getString("gateway"),
        row.getString("command"),
        plan == null ? null : json.readPlan(plan, SOURCE),
        Objects.requireNonNull(Sql.instant(row, "started_at")),
        row.getString("undoing"),
        result == null ? null : json.readResult(result, SOURCE));
  }

  private static EffectRecord effectRecord(ResultSet row) throws SQLException {
    return new EffectRecord(
        Phase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT)),
        row.getString("name"),
        EffectRecord.State.valueOf(row.getString("state")),
        row.getInt("attempts"),
        Objects.requireNonNull(Sql.instant(row, "intended_at")),
        Sql.instant(row, "ended_at"),
        row.getString("reason"));
  }

  /** Work in one transaction. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws SQLException;
  }

  private synchronized <T> T transaction(Work<T> work) {
    try {
      try {
        T value = work.run();
        connection.commit();
        return value;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** A transaction that also survives the loss of power: H2 syncs its file only when told to. */
  private synchronized <T> T durably(Work<T> work) {
    return transaction(
        () -> {
          T value = work.run();
          if (embedded) {
            connection.commit();
            sql.update("CHECKPOINT SYNC");
          }
          return value;
        });
  }

  private static DeployException unavailable(SQLException e) {
    return new DeployException.StepFailed(
        Problem.of(
            "the journal cannot be read or written: " + Journals.firstLine(e),
            "make the journal's database available again, then run 'resume'"),
        e);
  }
}
