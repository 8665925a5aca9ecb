package io.rackgateway.deploy.event;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.EnvironmentVariable;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ImageFacts;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Measures;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.ReleaseNote;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One of each thing that has a JSON form, with every field filled. */
final class Samples {

  static final String RUN = "20260115-031500-7f3a9c";
  static final Instant TIME = Instant.parse("2026-01-15T03:15:00.123456789Z");

  static final Gate GATE = Gate.warn("backup", "no backup is taken", "configure one");
  static final Check CHECK =
      new Check("health", Verdict.PASS, "3 good answers in a row", Duration.ofMillis(412));
  static final Backup BACKUP =
      new Backup(
          "rack-gateway-pre-upgrade-" + RUN,
          "pgDump",
          "production",
          "/backups/rack-gateway-pre-upgrade-" + RUN,
          123_456_789_012L,
          "ab".repeat(32),
          Proof.LISTED,
          Version.parse("v1.1.0"),
          TIME,
          Duration.ofMillis(8_123));
  static final Downtime DOWNTIME =
      new Downtime(
          100,
          3,
          List.of(
              new Downtime.Outage(TIME, Duration.ofMillis(290), "connection refused"),
              new Downtime.Outage(TIME.plusSeconds(9), Duration.ofMillis(10), "status 503")),
          Duration.ofMillis(100));

  static final Baseline BASELINE =
      new Baseline(
          TIME.minusSeconds(900),
          TIME,
          new Traffic(902, 1, Map.of(5L, 600L, 40L, 300L, 2_000L, 2L)),
          Map.of("upstream <n> refused", 3));

  static final Bake BAKE =
      new Bake(
          new BakeLimits(Duration.ofMinutes(10), 0.01, Duration.ofSeconds(2), 0),
          TIME,
          Duration.ofSeconds(130),
          140,
          21,
          Duration.ofMillis(45),
          1_300,
          0,
          Verdict.FAIL,
          "15% (21 of 140) answered with a server error, limit 1%",
          Measures.of(BASELINE.traffic()));

  static final Look LOOK =
      new Look(
          new RunId(RUN),
          TIME.plusSeconds(3_600),
          TIME,
          TIME.plusSeconds(3_599),
          BASELINE.traffic(),
          5,
          0,
          Verdict.PASS,
          "nothing is wrong");

  static final RunResult RESULT =
      new RunResult(
          ExitCode.UNDONE,
          RUN,
          "upgrade",
          "production",
          "v1.1.0",
          "v1.2.0",
          "v1.1.0",
          "the upgrade failed and was undone",
          "read the log",
          List.of("line 1", "line \"2\""),
          true,
          BACKUP,
          new Restored(
              "rack-gateway-pre-upgrade-20260115",
              new Restored.Delta("/srv/backups/delta", 1_204, 1, 2, 0, 0, 2),
              "gateway_before_20260115"),
          DOWNTIME,
          BAKE,
          List.of(GATE),
          List.of(CHECK),
          List.of(
              new RunResult.PhaseTiming(Phase.BACKUP, Duration.ofMillis(8_200), true),
              new RunResult.PhaseTiming(Phase.VERIFY_ROLLBACK, Duration.ofMillis(400), true)),
          "cd".repeat(32),
          TIME,
          TIME.plusSeconds(61),
          "/srv/.rack-gateway/diagnostics/production-20260115-031533");

  static final RunResult EMPTY_RESULT =
      new RunResult(
          ExitCode.USAGE,
          null,
          "upgrade",
          "production",
          null,
          null,
          null,
          "no such file",
          null,
          List.of(),
          false,
          null,
          null,
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          null,
          TIME,
          TIME,
          null);

  static final Plan PLAN =
      new Plan(
          Plan.Kind.UPGRADE,
          "production",
          "compose",
          "service gateway of project prod",
          Version.parse("v1.1.0"),
          Version.parse("v1.2.0-rc.1+build.5"),
          "rack-gateway:v1.1.0",
          "sha256:" + "1".repeat(64),
          "rack-gateway:v1.2.0",
          "sha256:" + "4".repeat(64),
          List.of(
              new Instance(
                  "c0ffee",
                  "prod-gateway-1",
                  "sha256:" + "1".repeat(64),
                  "rack-gateway:v1.1.0",
                  Instance.State.RUNNING,
                  null)),
          Strategy.STOP_FIRST,
          List.of(
              new ManifestEdit(
                  "/srv/prod/docker-compose.yml",
                  131,
                  7,
                  "rack-gateway:v1.1.0",
                  "rack-gateway:v1.2.0",
                  "2".repeat(64),
                  "3".repeat(64))),
          List.of(
              new PlannedStep(Phase.BACKUP, "pg-dump", "dump the database"),
              new PlannedStep(
                  Phase.VERIFY_ROLLBACK, "check", "umlauts äöü, \"quotes\", \\ and \t")),
          List.of(GATE, Gate.pass("compatibility", "same major version")),
          SchemaState.of(List.of("20250101000000", "20250102000000")),
          "one restart",
          "the old image is started again",
          "the database stays as migrated",
          null,
          new Outlook(
              List.of(
                  new ReleaseNote(
                      Version.parse("v1.2.0"),
                      "https://example.com/v1.2.0",
                      TIME,
                      List.of(
                          new ReleaseNote.Finding(
                              ReleaseNote.Kind.BREAKING, "tokens of v1 end", 3)))),
              List.of(new EnvironmentVariable("DOMAIN", "convox.yml of v1.2.0", false)),
              List.of(
                  new PendingMigration(
                      "20250103000000",
                      "db/20250103000000_drop.sql",
                      List.of(
                          new PendingMigration.Finding(
                              PendingMigration.Kind.BREAKS_OLD_VERSION,
                              1,
                              "users",
                              "drops a column")))),
              new ImageFacts(
                  "rack-gateway:v1.2.0", "sha256:" + "4".repeat(64), List.of("linux/amd64"))),
          "0.1.0",
          TIME);

  static final Rehearsal REHEARSAL =
      new Rehearsal(
          "production",
          BACKUP.id(),
          "v1.2.0",
          "an embedded PostgreSQL 15",
          Duration.ofMillis(2_300),
          List.of(
              new Rehearsal.MigrationRun(
                  "20250103000000",
                  "db/20250103000000_drop.sql",
                  Duration.ofMillis(12),
                  List.of(new Rehearsal.TableChange("public.users", 1, 2, 3, true)),
                  List.of(
                      new Rehearsal.HeldLock(
                          "public.users",
                          "AccessExclusiveLock",
                          Duration.ofMillis(11),
                          "reads and writes")),
                  8_000_000,
                  9_000_000,
                  new Rehearsal.MigrationFailure(3, "DROP TABLE x", "42P01", "no such table"))),
          List.of(new Rehearsal.SmokeRun("read public.users", Duration.ofMillis(1), "no column")),
          List.of("a long lock"),
          "migration 20250103000000_drop.sql fails in line 3");

  static final List<Event> EVENTS =
      List.of(
          new Event.RunStarted(
              "upgrade", "production", "compose", "v1.1.0", "v1.2.0", "cd".repeat(32), false),
          new Event.PhaseStarted(Phase.VERIFY_ROLLBACK),
          new Event.PhaseFinished(Phase.BACKUP, Duration.ofMillis(8_200), "the disk is full"),
          new Event.EffectStarted(Phase.PREPARE, "pull-image", "pull rack-gateway:v1.2.0"),
          new Event.EffectFinished(Phase.PREPARE, "pull-image", Duration.ofMillis(3_000), null),
          new Event.Waiting("gateway-1 to be healthy", TIME, Duration.ofMinutes(2)),
          new Event.GateEvaluated(GATE),
          new Event.CheckFinished(CHECK),
          new Event.Output("pg_dump", "pg_dump: last built-in OID is 16383"),
          new Event.Notice("the lease of a dead run was taken over"),
          new Event.BackupTaken(BACKUP),
          new Event.BackupProven(BACKUP.proven(Proof.RESTORED), "restored in 1.2 s: 14 tables"),
          new Event.Rehearsed(REHEARSAL),
          new Event.GatewayDown("connection refused"),
          new Event.GatewayUp(Duration.ofMillis(290)),
          new Event.BakeProgress(
              Duration.ofSeconds(130),
              Duration.ofSeconds(470),
              140,
              1,
              Duration.ofMillis(45),
              1_300,
              0),
          new Event.RunFinished(RESULT));

  private Samples() {}
}
