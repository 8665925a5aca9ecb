package io.rackgateway.deploy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.journal.EffectRecord.State;
import io.rackgateway.deploy.journal.jdbc.Journals;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.testing.TestCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  private static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  private static final RunId OTHER = new RunId("20260115-031501-000001");
  private static final Instant THEN = Instant.parse("2026-01-15T03:15:00Z");
  private static final Duration LIFETIME = Duration.ofSeconds(30);
  private static final Owner SELF = Owner.self();

  @TempDir Path folder;

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
  void anEmbeddedJournalsLeaseOutlivesItsOwnerOnlyUntilTheNextRun() {
    Owner dead = new Owner("elsewhere", 1, 1);
    try (Journal journal = open()) {
      journal.acquire("prod", RUN, dead, LIFETIME);
      assertThat(journal.acquire("prod", OTHER, SELF, LIFETIME))
          .hasValueSatisfying(text -> assertThat(text).contains(RUN.value()).contains("elsewhere"));
      assertThat(journal.renew("prod", RUN, dead, LIFETIME)).isFalse();
    }
  }

  @Test
  void aJournalOpenElsewhereSaysWhere() throws Exception {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      Process second =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpenJournal.class.getName(),
                  url())
              .redirectErrorStream(true)
              .start();
      String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(second.waitFor()).isEqualTo(6);
      assertThat(said)
          .contains("'upgrade' on")
          .contains("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aDamagedJournalSaysWhatToDo() throws IOException {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
    }
    Path file = folder.resolve("journal.mv.db");
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, (byte) 'x');
    Files.write(file, bytes);

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            DeployException.Usage.class,
            e -> {
              assertThat(e.problem().summary()).contains(file.toString());
              assertThat(e.problem().next()).contains("move it aside").contains("resume");
            });
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

  /** A second process that tries to open the journal. */
  static final class OpenJournal {
    public static void main(String[] arguments) {
      try {
        new Journals(new TestCodec(new EventJson(new Secrets())), Clock.systemUTC())
            .open(arguments[0], new Properties(), "status");
        System.exit(0);
      } catch (DeployException.Locked e) {
        System.out.println(e.problem().summary());
        System.exit(6);
      }
    }
  }

  private Journal open() {
    return new Journals(new TestCodec(new EventJson(new Secrets())), Clock.systemUTC())
        .open(url(), new Properties(), "upgrade");
  }

  private String url() {
    return "jdbc:h2:file:" + folder.resolve("journal");
  }

  private static RunRecord run(RunId id) {
    return new RunRecord(id, "prod", "backup", null, THEN, null, null);
  }

  private static RunResult ended(ExitCode outcome) {
    return RunResult.withoutRun(outcome, "backup", "prod", Problem.of("it ended", ""), THEN);
  }
}
