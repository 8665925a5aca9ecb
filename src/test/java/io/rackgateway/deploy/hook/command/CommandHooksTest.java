package io.rackgateway.deploy.hook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.HookConfig;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands around a run, run for real. */
class CommandHooksTest {

  private static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  private static final Instant TIME = Instant.parse("2026-01-15T03:15:00Z");

  @TempDir Path home;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Cancellation cancellation = new Cancellation();

  private static HookConfig shell(String script) {
    return shell(script, Duration.ofSeconds(20));
  }

  private static HookConfig shell(String script, Duration timeout) {
    return new HookConfig(List.of("/bin/sh", "-c", script), timeout);
  }

  private CommandHooks hooks(List<HookConfig> before, List<HookConfig> after) {
    return new CommandHooks(
        before,
        after,
        home,
        new SystemCommands(ProcessBuilder::new, cancellation, Map::of),
        events::add,
        cancellation,
        new EventJson(new Secrets()));
  }

  private static void run(List<Effect> effects) {
    effects.forEach(effect -> effect.action().run());
  }

  private static Plan plan() {
    return new Plan(
        Plan.Kind.UPGRADE,
        "prod",
        "compose",
        "service gateway",
        Version.parse("v1.0.0"),
        Version.parse("v1.1.0"),
        "gw:v1.0.0",
        null,
        "gw:v1.1.0",
        null,
        List.of(),
        Strategy.RECREATE,
        List.of(
            new ManifestEdit("/srv/a.yaml", 0, 1, "a", "b", "0", "1"),
            new ManifestEdit("/srv/b c.yaml", 0, 1, "a", "b", "0", "1")),
        List.of(),
        List.of(),
        SchemaState.of(List.of()),
        "one restart",
        "back",
        "stays",
        null,
        Outlook.NONE,
        "test",
        TIME);
  }

  private static RunResult result() {
    return RunResult.withoutRun(
        ExitCode.UNDONE, "upgrade", "prod", Problem.of("it failed\nand was undone", ""), TIME);
  }

  private String said(String file) throws IOException {
    return Files.readString(home.resolve(file));
  }

  @Test
  void beforeARunTheyKnowWhatItIsAbout() throws Exception {
    run(hooks(List.of(shell("env | sort > facts; pwd > folder")), List.of()).before(RUN, plan()));

    assertThat(said("facts"))
        .contains(
            "RACK_GATEWAY_DEPLOY_RUN=" + RUN,
            "RACK_GATEWAY_DEPLOY_HOOK=before",
            "RACK_GATEWAY_DEPLOY_GATEWAY=prod",
            "RACK_GATEWAY_DEPLOY_PLATFORM=compose",
            "RACK_GATEWAY_DEPLOY_KIND=upgrade",
            "RACK_GATEWAY_DEPLOY_FROM=v1.0.0",
            "RACK_GATEWAY_DEPLOY_TO=v1.1.0");
    assertThat(Path.of(said("folder").strip())).isEqualTo(home.toRealPath());
  }

  @Test
  void theManifestsThatAreEditedAreOneALine() throws Exception {
    HookConfig hook =
        shell(
            "printf '%s\\n' \"$RACK_GATEWAY_DEPLOY_MANIFESTS\" | while read -r f; do"
                + " echo \"<$f>\"; done > files");

    run(hooks(List.of(hook), List.of()).before(RUN, plan()));

    assertThat(said("files")).isEqualTo("</srv/a.yaml>\n</srv/b c.yaml>\n");
  }

  @Test
  void whatTheyPrintAreEvents() {
    run(hooks(List.of(shell("echo one; echo two >&2")), List.of()).before(RUN, plan()));

    assertThat(events)
        .contains(new Event.Output("before[0]", "one"), new Event.Output("before[0]", "two"));
  }

  @Test
  void oneThatFailsBeforeARunForbidsItAndSaysWhy() {
    List<Effect> effects =
        hooks(List.of(shell("true"), shell("echo not on a Friday; exit 3")), List.of())
            .before(RUN, plan());

    assertThatThrownBy(() -> run(effects))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("before[1]: ")
        .hasMessageContaining("failed with exit code 3: not on a Friday");
  }

  @Test
  void oneThatTakesTooLongForbidsItToo() {
    List<Effect> effects =
        hooks(List.of(shell("echo waiting; sleep 60", Duration.ofMillis(300))), List.of())
            .before(RUN, plan());

    assertThatThrownBy(() -> run(effects))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("did not end within");
  }

  @Test
  void oneThatIsNotThereForbidsItToo() {
    HookConfig hook = new HookConfig(List.of("./no-such-program"), Duration.ofSeconds(1));

    assertThatThrownBy(() -> run(hooks(List.of(hook), List.of()).before(RUN, plan())))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining("before[0]: the program './no-such-program' was not found");
  }

  @Test
  void aSignalEndsTheOneAtWork() throws Exception {
    CommandHooks hooks =
        new CommandHooks(
            List.of(shell("echo ready; exec sleep 60")),
            List.of(),
            home,
            new SystemCommands(ProcessBuilder::new, cancellation, Map::of),
            event -> cancellation.request("SIGTERM"),
            cancellation,
            new EventJson(new Secrets()));
    long start = System.nanoTime();

    assertThatThrownBy(() -> run(hooks.before(RUN, plan())))
        .isInstanceOf(DeployException.Cancelled.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void afterARunTheyKnowHowItEnded() throws Exception {
    HookConfig hook =
        shell(
            "env > facts; cp \"$RACK_GATEWAY_DEPLOY_RESULT\" result.json;"
                + " echo \"$RACK_GATEWAY_DEPLOY_RESULT\" > place");

    hooks(List.of(), List.of(hook)).after(plan(), withRun(result()));

    assertThat(said("facts"))
        .contains(
            "RACK_GATEWAY_DEPLOY_HOOK=after",
            "RACK_GATEWAY_DEPLOY_OUTCOME=undone",
            "RACK_GATEWAY_DEPLOY_EXIT_CODE=1",
            "RACK_GATEWAY_DEPLOY_MESSAGE=it failed\nand was undone",
            "RACK_GATEWAY_DEPLOY_ROLLED_BACK=false",
            "RACK_GATEWAY_DEPLOY_DOWNTIME_MS=\n");
    assertThat(said("result.json")).contains("\"exitCode\" : 1");
    assertThat(Path.of(said("place").strip())).as("is removed afterwards").doesNotExist();
  }

  @Test
  void oneThatFailsAfterARunIsToldAndTheNextOneRuns() throws Exception {
    hooks(List.of(), List.of(shell("exit 1"), shell("echo here > second")))
        .after(plan(), withRun(result()));

    assertThat(said("second")).isEqualTo("here\n");
    assertThat(events)
        .anySatisfy(
            event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        Event.Notice.class,
                        notice ->
                            assertThat(notice.text())
                                .startsWith("after[0]: ")
                                .contains("failed with exit code 1")));
  }

  @Test
  void inARunThatWasAskedToStopTheyGetAFewSecondsTogether() {
    cancellation.request("SIGTERM");
    cancellation.acknowledge();
    long start = System.nanoTime();

    hooks(List.of(), List.of(shell("sleep 60"), shell("sleep 60")))
        .after(plan(), withRun(result()));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(events)
        .anySatisfy(event -> assertThat(event.toString()).contains("after[1]: was left out"));
  }

  private static RunResult withRun(RunResult result) {
    return new RunResult(
        result.outcome(),
        RUN.value(),
        result.command(),
        result.gateway(),
        "v1.0.0",
        "v1.1.0",
        "v1.0.0",
        result.message(),
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
  }
}
