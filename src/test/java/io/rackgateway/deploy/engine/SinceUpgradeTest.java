package io.rackgateway.deploy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.diagnose.Diagnostics;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.hook.Hooks;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.journal.jdbc.Journals;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.restore.NoRestorer;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.AvailabilityProbe;
import io.rackgateway.deploy.verify.Verifier;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinceUpgradeTest {

  @TempDir Path folder;

  private final FakePlatform platform = new FakePlatform();
  private final FakeWatch watch = new FakeWatch();
  private final Random random = new Random(7);
  private Journal journal;

  @BeforeEach
  void open() {
    journal =
        new Journals(new EventJson(new Secrets()), Clock.systemUTC())
            .open("jdbc:h2:file:" + folder.resolve("journal"), new Properties(), "test");
    watch.limits = FakeWatch.TEN_MINUTES;
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void eachLookIsKeptAndComparedWithWhatWasBeforeTheUpgrade() {
    upgrade();

    SinceUpgrade.Seen first = look();
    SinceUpgrade.Seen second = look();

    assertThat(first.result().outcome()).isEqualTo(ExitCode.DONE);
    assertThat(first.back()).isNull();
    assertThat(second.result().message())
        .startsWith("v1.1.0 of 'prod', upgraded 0 min ago, does well: as it was told to");
    assertThat(watch.lookings.get(1).before()).isEqualTo(FakeWatch.BASELINE);
    assertThat(watch.lookings.get(1).earlier()).hasSize(1);
    RunRecord upgrade = SinceUpgrade.upgrade(journal, "prod").orElseThrow();
    assertThat(journal.looks(upgrade.id())).extracting(Look::verdict).hasSize(2);
  }

  @Test
  void aVersionThatIsClearlyBadNamesTheOneToGoBackTo() {
    upgrade();
    watch.verdict = Verdict.FAIL;

    SinceUpgrade.Seen seen = look();

    assertThat(seen.result().outcome()).isEqualTo(ExitCode.FAILED);
    assertThat(seen.back()).isEqualTo(Version.parse("v1.0.0"));
    assertThat(platform.running).as("a look changes nothing").isEqualTo("v1.1.0");
  }

  @Test
  void whatTheRollbackCameToIsSaidWithTheReasonForIt() {
    upgrade();
    watch.verdict = Verdict.FAIL;
    SinceUpgrade.Seen seen = look();
    watch.verdict = Verdict.PASS;
    Planner.Request back =
        new Planner.Request(Plan.Kind.ROLLBACK, seen.back(), null, null, List.of());

    RunResult result = seen.rolledBack(engine().carryOut(new Planner(settings(), ports()), back));

    assertThat(result.outcome()).isEqualTo(ExitCode.UNDONE);
    assertThat(result.running()).isEqualTo("v1.0.0");
    assertThat(result.rolledBack()).isTrue();
    assertThat(result.message())
        .contains("does not do well: as it was told to; run ")
        .endsWith("rolled it back to v1.0.0, which was verified");
    assertThat(look().result().message()).contains("the last run of 'prod' was no upgrade");
  }

  /** A failed check of the version may mean that somebody has deployed another one. */
  @Test
  void aCheckThatFailsIsNoReasonToRollBackByItself() {
    upgrade();
    platform.running = "v1.0.9";

    SinceUpgrade.Seen seen = look();

    assertThat(seen.result().outcome()).isEqualTo(ExitCode.FAILED);
    assertThat(seen.result().message()).contains("health: runs v1.0.9");
    assertThat(seen.back()).isNull();
  }

  @Test
  void withoutAnUpgradeThereIsNothingToLookAfter() {
    assertThatThrownBy(this::look)
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("the journal has no upgrade of 'prod'");
  }

  private void upgrade() {
    RunResult result =
        engine()
            .carryOut(
                new Planner(settings(), ports()),
                new Planner.Request(
                    Plan.Kind.UPGRADE, Version.parse("v1.1.0"), null, null, List.of()));
    assertThat(result.outcome()).isEqualTo(ExitCode.DONE);
  }

  private SinceUpgrade.Seen look() {
    return new SinceUpgrade(settings(), ports(), journal).look();
  }

  private Engine engine() {
    return new Engine(settings(), ports(), journal, random);
  }

  private Settings settings() {
    return new Settings(
        "prod",
        "test",
        true,
        Duration.ofSeconds(5),
        true,
        Settings.DatabaseRollback.ASK,
        true,
        List.of(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  private Ports ports() {
    EventStream stream = new EventStream(Clock.systemUTC());
    return new Ports(
        platform,
        platform,
        new NoRestorer("nothing to restore", "nothing"),
        Proving.none(),
        () -> SchemaState.of(List.of()),
        List.of(),
        new Verifier(platform, List.of(), stream),
        AvailabilityProbe.none(),
        watch,
        Diagnostics.none(),
        Hooks.none(),
        new EventJson(new Secrets()),
        stream,
        new Waits(Clock.systemUTC(), new Cancellation(), stream));
  }
}
