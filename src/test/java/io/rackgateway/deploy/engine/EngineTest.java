package io.rackgateway.deploy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.diagnose.Diagnostics;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.gate.rules.BackupGate;
import io.rackgateway.deploy.gate.rules.CompatibilityGate;
import io.rackgateway.deploy.hook.Hooks;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.jdbc.Journals;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.restore.NoRestorer;
import io.rackgateway.deploy.testing.KillingJournal;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.AvailabilityProbe;
import io.rackgateway.deploy.verify.Verifier;
import io.rackgateway.deploy.verify.Watch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {

  private static final Version V1_1 = Version.parse("v1.1.0");
  private static final Planner.Request UPGRADE =
      new Planner.Request(Plan.Kind.UPGRADE, V1_1, null, null, List.of());

  @TempDir Path folder;

  private final FakePlatform platform = new FakePlatform();
  private final FakeWatch watch = new FakeWatch();
  private final List<Event> events = new ArrayList<>();
  private Cancellation cancellation = new Cancellation();
  private boolean automatic = true;
  private Settings.DatabaseRollback databaseRollback = Settings.DatabaseRollback.ASK;
  private boolean undoWhenCancelled = true;
  private boolean watchAlways;
  private Diagnostics diagnostics = Diagnostics.none();
  private Hooks hooks = Hooks.none();
  private final Random random = new Random(7);
  private int journals;
  private Journal journal = openJournal();

  @BeforeEach
  void openFresh() {
    journal = openJournal();
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void aGoodUpgradeEndsOnTheNewVersionAndLeavesNoMark() {
    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(result.running()).isEqualTo("v1.1.0");
    assertThat(platform.running).isEqualTo("v1.1.0");
    assertThat(platform.migrations).containsExactly("v1.1.0");
    assertThat(platform.backups).hasSize(1);
    assertThat(platform.mark).isNull();
    assertThat(journal.unfinished("prod")).isEmpty();
  }

  @Test
  void aGatewayThatRunsTheTargetIsLeftAlone() {
    upgrade();
    RunResult again = upgrade();

    assertThat(again.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(again.message()).contains("already");
    assertThat(platform.backups).hasSize(1);
  }

  @Test
  void aFailedMigrationLeavesTheOldVersionRunning() {
    platform.broken.add("run-migrations");
    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.message()).contains("failed in migrate").contains("run-migrations broke");
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.mark).isNull();
  }

  /** Writes down what is run around a run; {@code broken} may hold {@code before-0}. */
  private final class NotedHooks implements Hooks {
    final List<String> ran = new ArrayList<>();

    @Override
    public List<Effect> before(RunId run, Plan plan) {
      return List.of(effect("before-0"), effect("before-1"));
    }

    private Effect effect(String name) {
      return new Effect(
          Phase.BEFORE,
          name,
          name,
          () -> {
            platform.during.accept(name);
            assertThat(platform.mark).as("nothing was touched yet").isNull();
            if (platform.broken.contains(name)) {
              throw new DeployException.Blocked(Problem.of(name + " is against it", "ask"));
            }
            ran.add(name);
          });
    }

    @Override
    public void after(Plan plan, RunResult result) {
      ran.add("after: " + result.outcome().label() + ", " + platform.running);
    }
  }

  @Test
  void commandsRunBeforeAnythingIsTouchedAndAfterAllIsOver() {
    NotedHooks noted = new NotedHooks();
    hooks = noted;

    upgrade();

    assertThat(noted.ran).containsExactly("before-0", "before-1", "after: done, v1.1.0");
  }

  @Test
  void aCommandThatIsAgainstItEndsTheRunWithoutAChange() {
    NotedHooks noted = new NotedHooks();
    hooks = noted;
    platform.broken.add("before-1");

    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.BLOCKED);
    assertThat(result.message()).contains("before-1 is against it", "nothing was changed");
    assertThat(result.running()).isEqualTo("v1.0.0");
    assertThat(platform.backups).isEmpty();
    assertThat(noted.ran).containsExactly("before-0", "after: blocked, v1.0.0");
    assertThat(journal.unfinished("prod")).isEmpty();
  }

  @Test
  void theCommandsAfterAFailedRunSeeTheOldVersionAgain() {
    NotedHooks noted = new NotedHooks();
    hooks = noted;
    platform.broken.add("v1.1.0");

    upgrade();

    assertThat(noted.ran).containsExactly("before-0", "before-1", "after: undone, v1.0.0");
  }

  @Test
  void aRunThatIsTakenUpAgainRepeatsNoCommandThatWasDone() {
    NotedHooks noted = new NotedHooks();
    hooks = noted;
    platform.during =
        name -> {
          if (name.equals("before-1")) {
            throw new Killed();
          }
        };
    assertThatThrownBy(this::upgrade).isInstanceOf(Killed.class);
    platform.during = name -> {};

    RunResult result = engine().resume(null, false).orElseThrow();

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(noted.ran).containsExactly("before-0", "before-1", "after: done, v1.1.0");
  }

  @Test
  void oneThatWasKilledLaterRunsNoCommandBeforeItAgain() {
    NotedHooks noted = new NotedHooks();
    hooks = noted;
    platform.during =
        name -> {
          if (name.equals("edit")) {
            throw new Killed();
          }
        };
    assertThatThrownBy(this::upgrade).isInstanceOf(Killed.class);
    platform.during = name -> {};

    assertThat(engine().resume(null, false)).isPresent();

    assertThat(noted.ran).containsExactly("before-0", "before-1", "after: done, v1.1.0");
  }

  @Test
  void evidenceOfAFailureIsGatheredBeforeItIsUndone() {
    List<String> seen = new ArrayList<>();
    diagnostics =
        (run, plan, why) -> {
          seen.add(platform.running + ": " + why.summary());
          return Optional.of("/evidence");
        };
    platform.broken.add("v1.1.0");

    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.diagnostics()).isEqualTo("/evidence");
    assertThat(seen).singleElement().asString().startsWith("v1.1.0: failed in verify");
  }

  @Test
  void aGoodUpgradeGathersNoEvidence() {
    diagnostics = (run, plan, why) -> Optional.of("/evidence");

    assertThat(upgrade().diagnostics()).isNull();
  }

  @Test
  void aFailedBackupStopsBeforeAnythingIsTouched() {
    platform.broken.add("dump");
    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.rolledBack()).isFalse();
    assertThat(result.message()).contains("nothing was changed");
    assertThat(platform.pulled).doesNotContain("v1.1.0");
  }

  @Test
  void aBackupIsProvenAndRehearsedOnBeforeAnythingIsTouched() {
    FakeProving proving = new FakeProving(platform);
    platform.proving = proving;

    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(proving.calls).containsExactly("prove, kept", "rehearse v1.1.0", "close");
    assertThat(result.backup()).isNotNull();
    assertThat(journal.backups("prod").get(0).proof()).isEqualTo(Proof.REHEARSED);
  }

  @Test
  void aFailedRehearsalStopsBeforeAnythingIsTouched() {
    platform.proving = new FakeProving(platform);
    platform.broken.add("rehearse");

    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.message())
        .contains("failed in rehearse: rehearse broke")
        .contains("nothing was changed");
    assertThat(platform.pulled).doesNotContain("v1.1.0");
    assertThat(((FakeProving) platform.proving).calls).endsWith("close");
  }

  @Test
  void aBackupByItselfIsProvenToo() {
    FakeProving proving = new FakeProving(platform);
    platform.proving = proving;

    RunResult result = engine().backup(null);

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(proving.calls).containsExactly("prove");
    assertThat(journal.backups("prod").get(0).proof()).isEqualTo(Proof.RESTORED);
  }

  @Test
  void aBackupThatDoesNotRestoreIsToldApartFromNone() {
    platform.proving = new FakeProving(platform);
    platform.broken.add("prove-backup");

    RunResult result = engine().backup(null);

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.message()).contains("was taken, but not proven as asked: prove-backup broke");
    assertThat(result.backup()).isNotNull();
  }

  @Test
  void aBackupPrunesTheEarlierOnesOnlyWhenItSucceeds() {
    Retention one = new Retention(1, Duration.ZERO);
    engine().backup(null);
    String first = platform.backups.get(0).id();
    platform.broken.add("dump");
    engine().backup(one);
    assertThat(platform.backups).extracting(Backup::id).containsExactly(first);

    platform.broken.clear();
    RunResult result = engine().backup(one);

    assertThat(result.message()).endsWith("removed 1 of the earlier ones");
    assertThat(platform.backups).containsExactly(result.backup());
    assertThat(journal.backups("prod")).extracting(Backup::id).doesNotContain(first);
  }

  @Test
  void aNewVersionThatNeverAnswersIsTakenBack() {
    platform.broken.add("v1.1.0");
    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.rolledBack()).isTrue();
    assertThat(result.running()).isEqualTo("v1.0.0");
    assertThat(platform.manifest).isEqualTo("v1.0.0");
    assertThat(result.details())
        .anyMatch(line -> line.contains("keeps what the migrations of v1.1.0 changed"));
  }

  @Test
  void aFirstStartThatFailsIsUndoneToNothing() {
    platform.running = null;
    platform.broken.add("v1.1.0");
    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.message()).contains("no instance ran before");
    assertThat(result.running()).isNull();
    assertThat(platform.mark).isNull();
    assertThat(journal.unfinished("prod")).isEmpty();
  }

  @Test
  void aRollbackThatFailsTooAsksForAHumanAndCanBeResumed() {
    platform.broken.add("v1.1.0");
    platform.broken.add("put-back");
    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.FAILED);
    assertThat(result.message()).contains("bringing back v1.0.0 failed too");
    assertThat(result.details()).anyMatch(line -> line.startsWith("what runs: memory"));
    assertThat(result.next()).contains("resume");
    assertThat(platform.mark).isNotNull();

    platform.broken.remove("put-back");
    RunResult resumed = engine().resume(null, false).orElseThrow();
    assertThat(resumed.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.mark).isNull();
  }

  @Test
  void withoutAutomaticRollbackAFailedRunStaysAsItIs() {
    automatic = false;
    platform.broken.add("v1.1.0");
    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.FAILED);
    assertThat(platform.running).isEqualTo("v1.1.0");

    RunResult undone = engine().resume(null, true).orElseThrow();
    assertThat(undone.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(platform.running).isEqualTo("v1.0.0");
  }

  @Test
  void aNewVersionIsWatchedOnceItWasVerified() {
    watch.limits = FakeWatch.TEN_MINUTES;

    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(result.phases())
        .extracting(RunResult.PhaseTiming::phase)
        .containsSubsequence(Phase.ROLLOUT, Phase.VERIFY, Phase.BAKE, Phase.RELEASE);
    assertThat(result.bake()).isNotNull().extracting(Bake::verdict).isEqualTo(Verdict.PASS);
    assertThat(watch.bakings).hasSize(1);
    assertThat(watch.bakings.get(0).before()).isEqualTo(FakeWatch.BASELINE);
  }

  @Test
  void aPlanSaysHowLongTheNewVersionIsWatched() {
    watch.limits = FakeWatch.TEN_MINUTES;

    assertThat(planner().plan(UPGRADE).steps())
        .last()
        .extracting(PlannedStep::description)
        .isEqualTo(
            "watch the new version for 10 min: at most 1% server errors, 99 of 100 requests within"
                + " 2 s, at most 0 failed health probes");
  }

  @Test
  void aNewVersionThatDoesBadlyWhileItIsWatchedIsTakenBack() {
    watch.limits = FakeWatch.TEN_MINUTES;
    watch.verdict = Verdict.FAIL;

    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.rolledBack()).isTrue();
    assertThat(result.message())
        .contains("failed in bake: v1.1.0 did not keep to its limits: as it was told to");
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(result.bake()).isNotNull().extracting(Bake::verdict).isEqualTo(Verdict.FAIL);
  }

  @Test
  void aRollbackIsNotWatched() {
    upgrade();
    watch.limits = FakeWatch.TEN_MINUTES;

    engine()
        .carryOut(
            planner(),
            new Planner.Request(
                Plan.Kind.ROLLBACK, Version.parse("v1.0.0"), null, null, List.of()));

    assertThat(watch.bakings).isEmpty();
  }

  @Test
  void aLogThatCannotBeReadBeforeAnUpgradeStopsNothing() {
    watch.limits = FakeWatch.TEN_MINUTES;
    watch.unreadable = true;

    assertThat(upgrade().outcome()).isEqualTo(ExitCode.DONE);
    assertThat(watch.bakings.get(0).before()).isNull();
    assertThat(events)
        .filteredOn(Event.Notice.class::isInstance)
        .anyMatch(event -> event.toString().contains("is not compared with it: no log today"));
  }

  /** The process that goes on has other options, and the version before is gone with its log. */
  @Test
  void aBakeThatWasKilledGoesOnUnderItsOwnTermsAndTime() {
    watch.limits = FakeWatch.TEN_MINUTES;
    watch.duringBake =
        () -> {
          throw new Killed();
        };
    assertThatThrownBy(this::upgrade).isInstanceOf(Killed.class);
    watch.limits = null;
    watch.unreadable = true;
    watch.duringBake = () -> {};

    RunResult result = engine().resume(null, false).orElseThrow();

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    Watch.Baking first = watch.bakings.get(0);
    Watch.Baking second = watch.bakings.get(1);
    assertThat(second.limits()).isEqualTo(first.limits());
    assertThat(second.since()).isEqualTo(first.since());
    assertThat(second.before()).isEqualTo(FakeWatch.BASELINE);
    assertThat(first.earlier()).isNull();
    assertThat(second.earlier()).isNotNull().extracting(Bake::probes).isEqualTo(77);
  }

  @Test
  void aBakeThatWasAtItsEndIsNotRepeated() {
    watch.limits = FakeWatch.TEN_MINUTES;
    platform.during =
        now -> {
          if (now.equals("phase release")) {
            throw new Killed();
          }
        };
    assertThatThrownBy(this::upgrade).isInstanceOf(Killed.class);
    platform.during = now -> {};

    RunResult result = engine().resume(null, false).orElseThrow();

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(watch.bakings).hasSize(1);
    assertThat(result.bake()).isNotNull();
  }

  @Test
  void cancellingTheBakeUndoesTheRunOrStopsItAsConfigured() {
    watch.limits = FakeWatch.TEN_MINUTES;
    watch.duringBake =
        () -> {
          cancellation.request("SIGTERM");
          cancellation.throwIfPending();
        };
    assertThat(upgrade().outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(platform.running).isEqualTo("v1.0.0");

    reset();
    undoWhenCancelled = false;
    watch.limits = FakeWatch.TEN_MINUTES;
    watch.duringBake =
        () -> {
          cancellation.request("SIGTERM");
          cancellation.throwIfPending();
        };
    assertThat(upgrade().outcome()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(platform.running).isEqualTo("v1.1.0");

    cancellation = new Cancellation();
    watch.duringBake = () -> {};
    assertThat(engine().resume(null, false).orElseThrow().outcome()).isEqualTo(ExitCode.DONE);
    assertThat(watch.bakings).hasSize(2);
  }

  @Test
  void aKilledBakeEndsRightWhereverItWasKilled() {
    watchAlways = true;
    assertThat(killPoints(false)).isGreaterThan(17);
  }

  @Test
  void aBlockingGateStopsEverythingBeforeTheLock() {
    platform.broken.add("backup-gate");

    assertThatThrownBy(this::upgrade)
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("pg_dump 13 is older");
    assertThat(platform.mark).isNull();
    assertThat(journal.runs("prod", 10)).isEmpty();
  }

  @Test
  void aDowngradeIsRefusedAsAnUpgrade() {
    platform.manifest = "v1.2.0";
    assertThatThrownBy(this::upgrade)
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("older");
  }

  @Test
  void aMarkOfAnotherRunKeepsThisOneOut() {
    platform.placeMark(
        new io.rackgateway.deploy.driver.Mark(
            new io.rackgateway.deploy.model.RunId("20260101-000000-abcdef"),
            "elsewhere",
            java.time.Instant.EPOCH,
            "{}"));
    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.LOCKED);
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.backups).isEmpty();
  }

  @Test
  void anApprovedPlanIsRefusedWhenTheWorldHasDrifted() {
    Plan approved = planner().plan(UPGRADE);
    platform.running = null;

    assertThatThrownBy(() -> engine().carryOut(planner(), approved, List.of()))
        .isInstanceOfSatisfying(
            DeployException.Blocked.class,
            e -> assertThat(e.problem().details()).anyMatch(d -> d.startsWith("instances:")));
    assertThat(platform.backups).isEmpty();
  }

  @Test
  void anApprovedPlanRunsWhenNothingHasDrifted() {
    Plan approved = planner().plan(UPGRADE);
    assertThat(engine().carryOut(planner(), approved, List.of()).outcome())
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void cancellingInAnyStepUndoesTheRun() {
    for (String step : List.of("dump", "pull", "run-migrations", "edit", "replace", "check")) {
      reset();
      platform.during =
          now -> {
            if (now.equals(step)) {
              cancellation.request("SIGTERM");
            }
          };
      RunResult result = upgrade();

      boolean last = step.equals("check");
      assertThat(result.outcome()).as(step).isEqualTo(ExitCode.UNDONE);
      assertThat(platform.running).as(step).isEqualTo("v1.0.0");
      assertThat(platform.manifest).as(step).isEqualTo("v1.0.0");
      assertThat(platform.mark).as(step).isNull();
      assertThat(result.message()).as(step).contains(last ? "was" : "SIGTERM");
    }
  }

  @Test
  void cancellingAfterTheLastCheckComesTooLate() {
    platform.during =
        now -> {
          if (now.equals("phase release")) {
            cancellation.request("SIGTERM");
          }
        };

    RunResult result = upgrade();

    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.running).isEqualTo("v1.1.0");
    assertThat(platform.mark).isNull();
  }

  @Test
  void cancellingCanAlsoJustStopAndResumeFinishes() {
    undoWhenCancelled = false;
    platform.during =
        now -> {
          if (now.equals("edit")) {
            cancellation.request("SIGTERM");
          }
        };
    RunResult stopped = upgrade();
    assertThat(stopped.outcome()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(platform.mark).isNotNull();

    platform.during = now -> {};
    cancellation = new Cancellation();
    RunResult finished = engine().resume(null, false).orElseThrow();
    assertThat(finished.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.running).isEqualTo("v1.1.0");
    assertThat(platform.backups).hasSize(1);
    assertThat(platform.migrations).hasSize(1);
  }

  @Test
  void afterAKillBetweenAnyTwoJournalEntriesResumeEndsRight() {
    int points = killPoints(false);
    assertThat(points).isGreaterThan(15);
  }

  @Test
  void afterAKillWhileUndoingResumeGoesOnUndoing() {
    int points = killPoints(true);
    assertThat(points).isGreaterThan(15);
  }

  @Test
  void theSameUpgradeAgainTakesUpTheInterruptedOne() {
    kill(9, false);
    RunResult result = upgrade();
    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.backups).hasSize(1);
    assertThat(journal.runs("prod", 10)).hasSize(1);
  }

  @Test
  void anotherUpgradeDoesNotBeginWhileOneIsInterrupted() {
    kill(9, false);
    assertThatThrownBy(
            () ->
                engine()
                    .carryOut(
                        planner(),
                        new Planner.Request(
                            Plan.Kind.UPGRADE, Version.parse("v1.3.0"), null, null, List.of())))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("was interrupted and comes first");
  }

  @Test
  void withoutTheJournalTheMarkIsEnoughToUndo() {
    for (int point = 3; point < 40 && kill(point, false); point++) {
      journal.close();
      journal = openJournal();
      Optional<RunResult> result = engine().resume(null, false);

      if (result.isPresent()) {
        String running = platform.running;
        assertThat(result.get().outcome())
            .as("point " + point)
            .isEqualTo("v1.1.0".equals(running) ? ExitCode.DONE : ExitCode.UNDONE);
        assertThat(result.get().running()).isEqualTo(running);
      }
      assertThat(platform.mark).as("point " + point).isNull();
      assertThat(platform.manifest).as("point " + point).isEqualTo(platform.running);
      reset();
    }
  }

  @Test
  void rollbackGoesToTheVersionBefore() {
    upgrade();
    Version before = engine().versionBefore().orElseThrow();
    assertThat(before.tag()).isEqualTo("v1.0.0");

    RunResult result =
        engine()
            .carryOut(
                planner(), new Planner.Request(Plan.Kind.ROLLBACK, before, null, null, List.of()));
    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
    assertThat(platform.running).isEqualTo("v1.0.0");
    assertThat(platform.backups).hasSize(1);
    assertThat(platform.migrations).hasSize(1);
  }

  @Test
  void nothingIsResumedWhereNothingWasInterrupted() {
    assertThat(engine().resume(null, false)).isEmpty();
  }

  /** Kills a run at every point, resumes each, and returns how many points there were. */
  private int killPoints(boolean broken) {
    int points = 0;
    for (int point = 1; kill(point, broken); point++) {
      points++;
      Optional<RunResult> result = engine().resume(null, false);

      String as = "killed at journal entry " + point;
      if (result.isPresent()) {
        assertThat(result.get().outcome())
            .as(as)
            .isEqualTo(broken ? ExitCode.UNDONE : ExitCode.DONE);
        assertThat(platform.backups).as(as).hasSizeLessThanOrEqualTo(1);
      }
      assertThat(platform.mark).as(as).isNull();
      assertThat(platform.running).as(as).isEqualTo(platform.manifest);
      assertThat(journal.unfinished("prod")).as(as).isEmpty();
      reset();
    }
    return points;
  }

  /** Runs an upgrade that dies at the given journal entry; false when it ended before that. */
  private boolean kill(int point, boolean broken) {
    if (broken) {
      platform.broken.add("v1.1.0");
    }
    if (watchAlways) {
      watch.limits = FakeWatch.TEN_MINUTES;
    }
    Journal dying =
        new KillingJournal(
                journal,
                point,
                () -> {
                  throw new Killed();
                })
            .journal();
    try {
      new Engine(settings(), ports(), dying, new Random(point)).carryOut(planner(), UPGRADE);
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  private void reset() {
    journal.close();
    journal = openJournal();
    cancellation = new Cancellation();
    platform.manifest = "v1.0.0";
    platform.running = "v1.0.0";
    platform.mark = null;
    platform.pulled.clear();
    platform.pulled.add("v1.0.0");
    platform.migrations.clear();
    platform.backups.clear();
    platform.broken.clear();
    watch.reset();
  }

  private RunResult upgrade() {
    return engine().carryOut(planner(), UPGRADE);
  }

  private Engine engine() {
    return new Engine(settings(), ports(), journal, random);
  }

  private Planner planner() {
    return new Planner(settings(), ports());
  }

  private Settings settings() {
    return new Settings(
        "prod",
        "test",
        true,
        Duration.ofSeconds(5),
        automatic,
        databaseRollback,
        undoWhenCancelled,
        List.of(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  private Ports ports() {
    EventStream stream = new EventStream(Clock.systemUTC());
    stream.addListener(
        record -> {
          events.add(record.event());
          if (record.event() instanceof Event.PhaseStarted started) {
            platform.during.accept("phase " + started.phase().label());
          }
        });
    Waits waits = new Waits(Clock.systemUTC(), cancellation, stream);
    return new Ports(
        platform,
        platform,
        new NoRestorer("nothing to restore", "nothing"),
        platform.proving,
        () -> SchemaState.of(platform.migrations),
        List.of(new CompatibilityGate(List::of), new BackupGate(platform)),
        new Verifier(platform, List.of(), stream),
        AvailabilityProbe.none(),
        watch,
        diagnostics,
        hooks,
        new EventJson(new Secrets()),
        stream,
        waits);
  }

  private Journal openJournal() {
    if (folder == null) {
      return (Journal)
          java.lang.reflect.Proxy.newProxyInstance(
              Journal.class.getClassLoader(),
              new Class<?>[] {Journal.class},
              (proxy, method, arguments) -> null);
    }
    journals++;
    return new Journals(new EventJson(new Secrets()), Clock.systemUTC())
        .open("jdbc:h2:file:" + folder.resolve("journal" + journals), new Properties(), "test");
  }

  /** The run's death. An Error, so that nothing handles it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }
}
