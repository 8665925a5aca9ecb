package io.rackgateway.deploy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.journal.EffectRecord.State;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every journal promises, whatever database keeps it. */
abstract class JournalContract {

  static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  static final RunId OTHER = new RunId("20260115-031501-000001");
  private static final Instant THEN = Instant.parse("2026-01-15T03:15:00Z");
  static final Duration LIFETIME = Duration.ofSeconds(30);
  static final Owner SELF = Owner.self();

  @Test
  void anEffectIsIntendedUntilItsOutcomeIsKnown() {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      journal.intend(RUN, Phase.PREPARE, "pull-image");
      journal.intend(RUN, Phase.MIGRATE, "run-migrations");
      journal.done(RUN, Phase.PREPARE, "pull-image");

      assertThat(journal.effects(RUN))
          .extracting(EffectRecord::name, EffectRecord::state)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("pull-image", State.DONE),
              org.assertj.core.groups.Tuple.tuple("run-migrations", State.INTENDED));
    }
  }

  @Test
  void aRepeatedEffectIsOneEffectWithMoreAttempts() {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      journal.intend(RUN, Phase.PREPARE, "pull-image");
      journal.failed(RUN, Phase.PREPARE, "pull-image", "no route to host");
      journal.intend(RUN, Phase.PREPARE, "pull-image");

      EffectRecord effect = journal.effects(RUN).get(0);
      assertThat(journal.effects(RUN)).hasSize(1);
      assertThat(effect.attempts()).isEqualTo(2);
      assertThat(effect.state()).isEqualTo(State.INTENDED);
      assertThat(effect.reason()).isNull();
    }
  }

  @Test
  void aRunThatFailedWithoutBeingUndoneIsUnfinished() {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      journal.finish(RUN, ended(ExitCode.FAILED));
      assertThat(journal.unfinished("prod")).isPresent();

      journal.finish(RUN, ended(ExitCode.UNDONE));
      assertThat(journal.unfinished("prod")).isEmpty();
      assertThat(journal.unfinished("staging")).isEmpty();
    }
  }

  @Test
  void whatIsWrittenIsThereForTheNextProcess() {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      journal.turnBack(RUN, "health never good");
    }
    try (Journal journal = open()) {
      assertThat(journal.find(RUN).orElseThrow().undoing()).isEqualTo("health never good");
      assertThat(journal.unfinished("prod").orElseThrow().id()).isEqualTo(RUN);
    }
  }

  @Test
  void aLeaseIsRenewedByItsOwnerAndGivenBack() {
    try (Journal journal = open()) {
      assertThat(journal.acquire("prod", RUN, SELF, LIFETIME)).isEmpty();
      assertThat(journal.renew("prod", RUN, SELF, LIFETIME)).isTrue();
      assertThat(journal.renew("prod", OTHER, SELF, LIFETIME)).isFalse();
      journal.release("prod", RUN);
      assertThat(journal.renew("prod", RUN, SELF, LIFETIME)).isFalse();
    }
  }

  @Test
  void plansAndResultsComeBackAsTheyWere() {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      RunResult result = ended(ExitCode.DONE);
      journal.finish(RUN, result);
      assertThat(journal.runs("prod", 5).get(0).result()).isEqualTo(result);
    }
  }

  @Test
  void whatWasTrueBeforeARunAndHowItsBakeStandsIsKeptWithIt() {
    Baseline baseline =
        new Baseline(
            THEN.minusSeconds(900),
            THEN,
            new Traffic(900, 2, Map.of(5L, 890L, 2_000L, 10L)),
            Map.of("upstream refused", 3));
    Bake first =
        Bake.toCome(new BakeLimits(Duration.ofMinutes(10), 0.01, Duration.ofSeconds(2), 0), THEN);
    Bake later =
        new Bake(
            first.limits(),
            THEN,
            Duration.ofSeconds(60),
            61,
            1,
            null,
            600,
            0,
            Verdict.SKIPPED,
            "not at its end",
            null);
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      assertThat(journal.baseline(RUN)).isEmpty();
      assertThat(journal.bake(RUN)).isEmpty();
      journal.recordBaseline(RUN, baseline);
      journal.recordBake(RUN, first);
      journal.recordBake(RUN, later);
    }
    try (Journal journal = open()) {
      assertThat(journal.baseline(RUN)).contains(baseline);
      assertThat(journal.bake(RUN)).contains(later);
      assertThat(journal.bake(OTHER)).isEmpty();
    }
  }

  @Test
  void looksAfterAnUpgradeAddUpInTheirOrder() {
    Look first = look(THEN.plusSeconds(60));
    Look second = look(THEN.plusSeconds(120));
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      journal.recordLook("prod", first);
      journal.recordLook("prod", second);

      assertThat(journal.looks(RUN)).containsExactly(first, second);
      assertThat(journal.looks(OTHER)).isEmpty();
    }
  }

  private static Look look(Instant at) {
    return new Look(
        RUN, at, THEN, at.minusSeconds(1), Traffic.NONE, 5, 0, Verdict.PASS, "nothing is wrong");
  }

  /** Opens the journal; two journals opened without closing the first are two processes. */
  abstract Journal open();

  static RunRecord run(RunId id) {
    return new RunRecord(id, "prod", "backup", null, THEN, null, null);
  }

  private static RunResult ended(ExitCode outcome) {
    return RunResult.withoutRun(outcome, "backup", "prod", Problem.of("it ended", ""), THEN);
  }
}
