package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a gateway that was upgraded, perhaps days ago and more than once, gets back to a version:
 * with the application alone, or with its database. It goes by what the journal knows of the
 * upgrades in between.
 */
final class WayBack {

  /** The gate that tells the route. */
  static final String ROUTE = "rollback-route";

  /** What lifts its block. */
  static final String WITHOUT_DATABASE = "without-database";

  private static final int HISTORY = 1_000;

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;

  WayBack(Settings settings, Ports ports, Journal journal) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
  }

  /** The newest upgrade that led to what runs now. */
  Optional<RunRecord> upgradeBefore() {
    Optional<Version> current = ports.driver().observe().knownVersion();
    return done().stream()
        .filter(run -> isUpgrade(run) && current.map(plan(run).to()::equals).orElse(true))
        .findFirst();
  }

  /**
   * The request with its route: what the gates say of it, and the backup to restore where the
   * configuration lets it.
   */
  Planner.Request routed(Planner.Request request) {
    if (request.kind() != Plan.Kind.ROLLBACK || request.restore() != null) {
      return request;
    }
    Version given = request.from();
    Version from = given == null ? Planner.currentVersion(ports.driver().observe()) : given;
    Version to = request.to();
    if (to.compareTo(from) > 0) {
      return request.with(List.of(forward(from, to)), null);
    }
    List<RunRecord> upgrades = between(from, to);
    SchemaState schema = ports.schema().read();
    List<String> breaking =
        upgrades.stream()
            .flatMap(run -> plan(run).outlook().migrations().stream())
            .filter(migration -> migration.has(PendingMigration.Kind.BREAKS_OLD_VERSION))
            .map(PendingMigration::version)
            .filter(version -> !schema.known() || schema.applied().contains(version))
            .toList();
    if (!breaking.isEmpty()) {
      return breaking(request, upgrades.get(upgrades.size() - 1), breaking);
    }
    return request.with(List.of(application(from, to, upgrades)), null);
  }

  private Gate application(Version from, Version to, List<RunRecord> upgrades) {
    boolean known =
        !upgrades.isEmpty() && plan(upgrades.get(upgrades.size() - 1)).from().equals(to);
    if (from.equals(to)) {
      return Gate.pass(ROUTE, "the version stays as it is");
    }
    if (!known) {
      return Gate.warn(
          ROUTE,
          "the application alone goes back; whether "
              + to
              + " works with the schema is not known, because the journal does not have every upgrade"
              + " from "
              + to
              + " to "
              + from,
          "if it does not, go back with 'rollback --restore-database --to " + to + "'");
    }
    List<PendingMigration> migrations =
        upgrades.stream().flatMap(run -> plan(run).outlook().migrations().stream()).toList();
    if (migrations.isEmpty()) {
      return Gate.pass(ROUTE, "the application alone goes back: no migration is known to have run");
    }
    boolean rehearsed =
        upgrades.stream()
            .allMatch(
                run ->
                    journal
                        .backupOf(run.id())
                        .map(backup -> backup.proof() == Proof.REHEARSED)
                        .orElse(false));
    if (rehearsed) {
      return Gate.pass(
          ROUTE,
          "the application alone goes back: the migrations since are additive, and in the rehearsals"
              + " the queries of the version before ran on the schema that they left");
    }
    return migrations.stream().anyMatch(m -> m.has(PendingMigration.Kind.UNCLEAR))
        ? Gate.warn(
            ROUTE,
            "the application alone goes back; whether "
                + to
                + " works with what the migrations since have changed is not known",
            "if it does not, go back with 'rollback --restore-database --to " + to + "'")
        : Gate.pass(ROUTE, "the application alone goes back: the migrations since are additive");
  }

  private Planner.Request breaking(
      Planner.Request request, RunRecord oldest, List<String> migrations) {
    Version to = request.to();
    String why =
        to
            + " cannot work with the schema that "
            + (migrations.size() == 1 ? "migration " : "migrations ")
            + String.join(", ", migrations)
            + " left";
    if (settings.databaseRollback() == Settings.DatabaseRollback.AUTOMATIC) {
      try {
        BackupChoice choice = new BackupChoice(ports.backup(), journal, settings.gateway());
        Backup backup =
            plan(oldest).from().equals(to)
                ? choice.of(oldest.id())
                : choice.newestOf(to).orElseGet(() -> choice.of(oldest.id()));
        return request.with(
            List.of(Gate.pass(ROUTE, "the database goes back too, to " + backup.id() + ": " + why)),
            backup);
      } catch (DeployException.Usage e) {
        return request.with(
            List.of(
                Gate.block(ROUTE, why + ", and " + e.problem().summary(), e.problem().next())
                    .acknowledgedBy(List.of(WITHOUT_DATABASE))),
            null);
      }
    }
    String next =
        "go back with 'rollback --restore-database --to "
            + to
            + "', which saves first what was written since; or leave the database with '--accept "
            + ROUTE
            + "="
            + WITHOUT_DATABASE
            + "'";
    Gate gate =
        settings.databaseRollback() == Settings.DatabaseRollback.NEVER
            ? Gate.warn(ROUTE, why + ", and rollback.database is never", next)
            : Gate.block(ROUTE, why, next).acknowledgedBy(List.of(WITHOUT_DATABASE));
    return request.with(List.of(gate), null);
  }

  /** Taking a rollback back: only where the database still is what the newer version left. */
  private Gate forward(Version from, Version to) {
    String name = Planner.DIRECTION;
    Optional<RunRecord> last = done().stream().findFirst();
    boolean takesBack =
        last.map(WayBack::plan)
            .map(p -> p.kind() == Plan.Kind.ROLLBACK && p.to().equals(from) && p.from().equals(to))
            .orElse(false);
    if (!takesBack) {
      return Gate.block(name, to + " is newer than " + from, "use 'upgrade --to " + to + "'");
    }
    RunRecord rollback = last.orElseThrow();
    return plan(rollback).restores() == null
        ? Gate.pass(name, from + " → " + to + " takes the rollback " + rollback.id() + " back")
        : Gate.block(
            name,
            "the rollback "
                + rollback.id()
                + " restored the database, so the migrations of "
                + to
                + " have to run again",
            "use 'upgrade --to " + to + "'");
  }

  /** The upgrades that led from one version to the other, newest first, as far as known. */
  private List<RunRecord> between(Version from, Version to) {
    List<RunRecord> done = done();
    List<RunRecord> upgrades = new ArrayList<>();
    Version reached = from;
    int at = 0;
    while (reached.compareTo(to) > 0) {
      while (at < done.size()
          && !(isUpgrade(done.get(at)) && plan(done.get(at)).to().equals(reached))) {
        at++;
      }
      if (at == done.size()) {
        break;
      }
      RunRecord upgrade = done.get(at++);
      upgrades.add(upgrade);
      reached = plan(upgrade).from();
    }
    return upgrades;
  }

  /** The runs of this gateway that ended well and had a plan, newest first. */
  private List<RunRecord> done() {
    return journal.runs(settings.gateway(), HISTORY).stream()
        .filter(run -> run.plan() != null)
        .filter(run -> run.outcome().map(r -> r.outcome() == ExitCode.DONE).orElse(false))
        .toList();
  }

  private static boolean isUpgrade(RunRecord run) {
    return plan(run).kind() == Plan.Kind.UPGRADE;
  }

  private static Plan plan(RunRecord run) {
    return Objects.requireNonNull(run.plan());
  }
}
