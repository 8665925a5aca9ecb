package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.SchemaState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses how a failed upgrade is undone, from what it did to the database and what that means. */
final class RouteChoice {

  private final Settings settings;
  private final Ports ports;
  private final Journal journal;
  private final RunId run;
  private final Plan plan;

  RouteChoice(Settings settings, Ports ports, Journal journal, RunId run, Plan plan) {
    this.settings = settings;
    this.ports = ports;
    this.journal = journal;
    this.run = run;
    this.plan = plan;
  }

  /**
   * The route. Once its database is being restored, a run stays on that route: the schema then no
   * longer tells.
   *
   * @param unknown whether it is not known what the run did
   */
  RollbackRoute choose(boolean unknown) {
    List<EffectRecord> effects = journal.effects(run);
    if (effects.stream().anyMatch(RestorePhases::restoresInUndoing)) {
      return RollbackRoute.withDatabase("that was begun before");
    }
    boolean migrating = effects.stream().anyMatch(effect -> effect.phase() == Phase.MIGRATE);
    if (!migrating && !unknown) {
      return RollbackRoute.application("no migration was begun");
    }
    SchemaState now = ports.schema().read();
    boolean known = plan.schema().known() && now.known();
    if (known && now.equals(plan.schema())) {
      return RollbackRoute.application("the database holds the same migrations as before");
    }
    Optional<PendingMigration> breaking =
        plan.outlook().migrations().stream()
            .filter(migration -> migration.has(PendingMigration.Kind.BREAKS_OLD_VERSION))
            .filter(migration -> !now.known() || now.applied().contains(migration.version()))
            .findFirst();
    if (breaking.isPresent()) {
      return breaking(breaking.get());
    }
    return RollbackRoute.onNewSchema(additive(known));
  }

  private String additive(boolean known) {
    Backup backup = journal.backupOf(run).orElse(null);
    if (backup != null && backup.proof() == Proof.REHEARSED) {
      return "the migrations are additive, and in the rehearsal the queries of "
          + plan.from()
          + " ran on the schema that they leave";
    }
    boolean read =
        known
            && !plan.outlook().migrations().isEmpty()
            && plan.outlook().migrations().stream()
                .noneMatch(migration -> migration.has(PendingMigration.Kind.UNCLEAR));
    return read
        ? "the migrations are additive"
        : "whether "
            + plan.from()
            + " works with what the migrations changed is not known, and is verified";
  }

  private RollbackRoute breaking(PendingMigration migration) {
    RollbackRoute route =
        RollbackRoute.withDatabase(
            plan.from()
                + " cannot work with the schema that migration "
                + migration.version()
                + " leaves ("
                + migration.findings().stream()
                    .filter(f -> f.kind() == PendingMigration.Kind.BREAKS_OLD_VERSION)
                    .findFirst()
                    .map(PendingMigration.Finding::reason)
                    .orElse("it is a breaking one")
                + ")");
    return switch (settings.databaseRollback()) {
      case NEVER -> route.withoutDatabase("rollback.database is never");
      case ASK ->
          route.withoutDatabase("rollback.database is ask, so the database is left as it is");
      case AUTOMATIC -> {
        String obstacle = obstacle();
        yield obstacle == null ? route : route.withoutDatabase(obstacle);
      }
    };
  }

  /** Why the run's own backup cannot take the database's place; null when it can. */
  private @Nullable String obstacle() {
    Optional<Backup> backup = journal.backupOf(run);
    if (backup.isEmpty()) {
      return "this run took no backup";
    }
    try {
      Gate gate = ports.restorer().preflight(backup.get());
      return gate.result() == Gate.Result.BLOCK ? gate.evidence() : null;
    } catch (DeployException e) {
      return e.problem().summary();
    }
  }
}
