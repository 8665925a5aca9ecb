package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.DockerFixture.ImageSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the driver does on a real engine, with either Compose. */
@Tag("docker")
abstract class ComposeDriverContract {

  private static final ImageSpec CRASHING =
      new ImageSpec().starting("echo APP_SECRET_KEY is missing >&2; exit 7");

  private final ComposeConfig.ComposeTool tool;
  private ComposeSandbox sandbox;

  ComposeDriverContract(ComposeConfig.ComposeTool tool) {
    this.tool = tool;
  }

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    sandbox = new ComposeSandbox(folder, tool);
    sandbox.docker.image("v1.0.0");
  }

  @AfterEach
  void end() {
    sandbox.close();
  }

  private void running(String tag, String... settings) {
    if (settings.length == 0) {
      sandbox.project(tag).up();
    } else {
      sandbox.project(tag, settings).up();
    }
  }

  private static Problem failure(Runnable work) {
    DeployException.StepFailed failed =
        catchThrowableOfType(DeployException.StepFailed.class, work::run);
    assertThat(failed).as("the step fails").isNotNull();
    return failed.problem();
  }

  // Observation

  @Test
  void observesWhatRuns() {
    running("v1.0.0");

    Observation observed = sandbox.driver().observe();

    assertThat(observed.location())
        .isEqualTo("service gateway of project " + sandbox.docker.name());
    assertThat(observed.reference()).isEqualTo(sandbox.docker.repository() + ":v1.0.0");
    assertThat(observed.version()).isEqualTo(Version.parse("v1.0.0"));
    assertThat(observed.instances())
        .singleElement()
        .satisfies(
            instance -> {
              assertThat(instance.state()).isEqualTo(Instance.State.RUNNING);
              assertThat(instance.image()).isEqualTo(sandbox.docker.imageId(observed.reference()));
              assertThat(instance.reference()).isEqualTo(observed.reference());
              assertThat(instance.name()).contains("gateway").endsWith("1");
            });
  }

  @Test
  void observesAGatewayThatEnded() {
    sandbox.docker.image("v1.0.1", CRASHING);
    running("v1.0.1");
    assertThat(sandbox.driver().failure()).isPresent();

    assertThat(sandbox.driver().observe().instances())
        .singleElement()
        .satisfies(
            instance -> {
              assertThat(instance.state()).isEqualTo(Instance.State.STOPPED);
              assertThat(instance.detail()).isEqualTo("exit code 7");
            });
  }

  @Test
  void namesTheServicesWhenTheConfiguredOneIsMissing() {
    sandbox.file("compose.yaml", "services:\n  web: {image: a:1}\n  db: {image: b:1}\n");

    assertThatThrownBy(() -> sandbox.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("no service 'gateway'")
        .hasMessageContaining("db, web");
  }

  @Test
  void saysWhatComposeSaysOfAnInvalidFile() {
    sandbox.file("compose.yaml", "services:\n  gateway: {imge: a}\n");

    assertThatThrownBy(() -> sandbox.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("compose.yaml")
        .hasMessageContaining("imge");
  }

  @Test
  void refusesAServiceThatIsOnlyBuilt() {
    sandbox.file("compose.yaml", "services:\n  gateway: {build: .}\n");

    assertThatThrownBy(() -> sandbox.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("built from source");
  }

  @Test
  void refusesAServiceOfAnotherImage() {
    sandbox.file("compose.yaml", "services:\n  gateway: {image: 'postgres:16'}\n");

    assertThatThrownBy(() -> sandbox.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("postgres:16")
        .hasMessageContaining(sandbox.docker.repository());
  }

  // The way forward

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void bringsTheNewVersionWithEachStrategy(Strategy strategy) {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0", "restart: always");
    sandbox.strategy = strategy;
    String before = sandbox.read("compose.yaml");

    Deployment deployment = sandbox.deployment();
    sandbox.upgrade(deployment);

    assertThat(sandbox.read("compose.yaml"))
        .isEqualTo(before.replace("gateway:v1.0.0   #", "gateway:v1.1.0   #"));
    assertThat(sandbox.containers("{{.Image}} {{.State.Status}}"))
        .containsExactly(
            sandbox.docker.imageId(sandbox.docker.repository() + ":v1.1.0") + " running");
    assertThat(sandbox.answer()).endsWith(":v1.1.0");
    assertThat(sandbox.output("migrate")).contains("applied 20250102030405");
    assertThat(sandbox.driver().failure()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void effectsCanBeRepeated(Strategy strategy) {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0", "restart: always");
    sandbox.strategy = strategy;
    Deployment deployment = sandbox.deployment();

    for (Effect effect : ComposeSandbox.forward(sandbox.driver(), deployment)) {
      effect.action().run();
      effect.action().run();
    }

    assertThat(sandbox.containers("{{.Config.Image}} {{.State.Status}}"))
        .containsExactly(sandbox.docker.repository() + ":v1.1.0 running");
  }

  @Test
  void startFirstKeepsAsManyContainersAsThereWere() {
    sandbox.docker.image("v1.1.0");
    sandbox.project("v1.0.0", "restart: always").up("--scale", "gateway=2");
    sandbox.strategy = Strategy.START_FIRST;

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.containers("{{.Config.Image}} {{.State.Status}}"))
        .hasSize(2)
        .containsOnly(sandbox.docker.repository() + ":v1.1.0 running");
  }

  @Test
  void recreateKeepsTheNumberOfContainers() {
    sandbox.docker.image("v1.1.0");
    sandbox.project("v1.0.0", "restart: always").up("--scale", "gateway=2");

    Deployment deployment = sandbox.deployment();
    sandbox.upgrade(deployment);
    assertThat(sandbox.containers("{{.Config.Image}} {{.State.Status}}"))
        .hasSize(2)
        .containsOnly(sandbox.docker.repository() + ":v1.1.0 running");
    sandbox.rollBack(deployment);

    assertThat(sandbox.containers("{{.Config.Image}} {{.State.Status}}"))
        .hasSize(2)
        .containsOnly(sandbox.docker.repository() + ":v1.0.0 running");
  }

  @Test
  void theUsersNextUpChangesNothing() {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0");
    sandbox.upgrade(sandbox.deployment());
    List<String> after = sandbox.containers();

    sandbox.up();

    assertThat(sandbox.containers()).isEqualTo(after);
  }

  @Test
  void startFirstIsBlockedByAFixedPort() {
    running("v1.0.0");
    sandbox.strategy = Strategy.START_FIRST;

    assertThat(sandbox.deployment().plan().blocks())
        .singleElement()
        .satisfies(
            gate -> {
              assertThat(gate.name()).isEqualTo("strategy");
              assertThat(gate.evidence()).contains("127.0.0.1:" + sandbox.port);
            });
  }

  @Test
  void startFirstIsBlockedByAFixedContainerName() {
    running("v1.0.0", "container_name: " + sandbox.docker.name() + "-fixed");
    sandbox.strategy = Strategy.START_FIRST;

    assertThat(sandbox.deployment().plan().blocks())
        .extracting(Gate::evidence)
        .singleElement()
        .asString()
        .contains(sandbox.docker.name() + "-fixed");
  }

  @Test
  void aFixedContainerNameIsNoObstacleToRecreate() {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0", "container_name: " + sandbox.docker.name() + "-fixed");

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.containers("{{.Name}} {{.Config.Image}}"))
        .containsExactly(
            "/" + sandbox.docker.name() + "-fixed " + sandbox.docker.repository() + ":v1.1.0");
  }

  @Test
  void saysWhenFileAndContainersDiffer() {
    running("v1.0.0");
    sandbox.project("v1.0.5");

    assertThat(sandbox.deployment().plan().blocks())
        .extracting(Gate::name)
        .containsExactly("drift");
  }

  @Test
  void refusesToUnpinAnImage() {
    String digest = "sha256:" + "0".repeat(64);
    sandbox.project("v1.0.0@" + digest);

    assertThat(sandbox.deployment().plan().blocks())
        .extracting(Gate::name)
        .containsExactly("pinned");
  }

  // Failures

  @Test
  void anImageThatDoesNotExistFailsBeforeAnythingIsTouched() {
    running("v1.0.0");
    List<String> before = sandbox.containers();

    Problem problem = failure(() -> sandbox.upgrade(sandbox.deployment()));

    assertThat(problem.summary()).contains(sandbox.docker.repository() + ":v1.1.0", "pulled");
    assertThat(problem.next()).isNotEmpty();
    assertThat(sandbox.containers()).isEqualTo(before);
  }

  @Test
  void aLocalImageWillDoWhenNoRegistryHasIt() {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0");

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.notices())
        .anySatisfy(notice -> assertThat(notice).contains("on this machine already"));
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void aFailedMigrationIsToldAndUndone(Strategy strategy) {
    sandbox.docker.image(
        "v1.1.0", new ImageSpec().migrating("echo column exists already >&2; exit 3"));
    running("v1.0.0", "restart: always");
    List<String> before = sandbox.containers();
    sandbox.strategy = strategy;
    Deployment deployment = sandbox.deployment();

    Problem problem = failure(() -> sandbox.upgrade(deployment));
    sandbox.rollBack(deployment);

    assertThat(problem.summary()).contains("./rack-gateway-api migrate", "exit code 3");
    assertThat(problem.details()).contains("column exists already");
    assertThat(sandbox.containers()).isEqualTo(before);
  }

  @Test
  void aMigrationThatHangsIsEnded() {
    sandbox.docker.image("v1.1.0", new ImageSpec().migrating("echo begun; sleep 60"));
    running("v1.0.0");
    sandbox.migrateTimeout = Duration.ofSeconds(2);

    Problem problem = failure(() -> sandbox.upgrade(sandbox.deployment()));

    assertThat(problem.summary()).contains("did not end within 2 s");
    assertThat(problem.details()).contains("begun");
    assertThat(sandbox.containers()).hasSize(1);
  }

  @Test
  void aMigrationCommandThatIsNotThereIsTold() {
    sandbox.docker.build(
        sandbox.docker.repository() + ":v1.1.0",
        new ImageSpec().with("ENTRYPOINT []\nWORKDIR /nowhere"));
    running("v1.0.0");

    Problem problem = failure(() -> sandbox.upgrade(sandbox.deployment()));

    assertThat(problem.summary()).contains("could not be started");
    assertThat(sandbox.containers()).hasSize(1);
  }

  @Test
  void migrationsSeeTheServiceEnvironmentAndTheirSecrets() {
    sandbox.docker.image(
        "v1.1.0", new ImageSpec().migrating("echo who=$WHO admin=${ADMIN_DATABASE_URL:-none}"));
    running("v1.0.0");
    sandbox.migrateEnvironment.put("ADMIN_DATABASE_URL", new Secret("postgres://a:b@db/x"));
    Deployment deployment = sandbox.deployment();

    sandbox.upgrade(deployment);

    assertThat(sandbox.output("migrate")).contains("who=gateway admin=postgres://a:b@db/x");
    assertThat(deployment.plan().steps().toString()).doesNotContain("a:b@db");
  }

  @Test
  void aMigrationLeftByAKilledRunIsFoundAgain() {
    sandbox.docker.image("v1.1.0", new ImageSpec().migrating("echo once; sleep 1; echo applied"));
    running("v1.0.0");
    Deployment deployment = sandbox.deployment();
    String name = "rgd-" + deployment.run() + "-migrate";
    sandbox.docker.docker(
        "run",
        "-d",
        "--name",
        name,
        "--label",
        "com.docker.compose.project=" + sandbox.docker.name(),
        deployment.plan().toReference(),
        "./rack-gateway-api",
        "migrate");

    sandbox.upgrade(deployment);

    assertThat(sandbox.output("migrate")).containsExactly("once", "applied");
    assertThat(sandbox.docker.docker("ps", "-aq", "--filter", "name=" + name)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void aCrashAtStartIsToldAtOnceAndUndone(Strategy strategy) {
    sandbox.docker.image("v1.1.0", CRASHING);
    running("v1.0.0", "restart: 'no'");
    sandbox.strategy = strategy;
    String file = sandbox.read("compose.yaml");
    Deployment deployment = sandbox.deployment();
    long start = System.nanoTime();

    Problem problem = failure(() -> sandbox.upgrade(deployment));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(sandbox.startTimeout);
    assertThat(problem.summary()).contains("ended with exit code 7", ":v1.1.0");
    assertThat(problem.details()).contains("APP_SECRET_KEY is missing");
    assertThat(sandbox.driver().failure()).isPresent();
    sandbox.rollBack(deployment);
    assertThat(sandbox.read("compose.yaml")).isEqualTo(file);
    assertThat(sandbox.containers("{{.Config.Image}} {{.State.Status}}"))
        .containsExactly(sandbox.docker.repository() + ":v1.0.0 running");
    assertThat(sandbox.driver().failure()).isEmpty();
  }

  @Test
  void aCrashLoopIsToldAtOnce() {
    sandbox.docker.image("v1.1.0", CRASHING);
    running("v1.0.0", "restart: always");

    Problem problem = failure(() -> sandbox.upgrade(sandbox.deployment()));

    assertThat(problem.summary()).contains("container", ":v1.1.0");
    assertThat(problem.details()).contains("APP_SECRET_KEY is missing");
  }

  @Test
  void anUnhealthyContainerIsToldAtOnce() {
    sandbox.docker.image(
        "v1.1.0",
        new ImageSpec()
            .with("HEALTHCHECK --interval=200ms --retries=2 CMD echo database is away; exit 1"));
    running("v1.0.0");

    Problem problem = failure(() -> sandbox.upgrade(sandbox.deployment()));

    assertThat(problem.summary()).contains("is unhealthy: database is away");
  }

  @Test
  void waitsForHealth() {
    sandbox.docker.image(
        "v1.1.0",
        new ImageSpec()
            .starting("(sleep 2; touch /ready) & exec httpd -f -p 8080 -h /www")
            .with("HEALTHCHECK --interval=200ms --retries=100 CMD test -f /ready"));
    running("v1.0.0");

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.containers("{{.State.Health.Status}}")).containsExactly("healthy");
  }

  @Test
  void aContainerThatNeverGetsHealthyIsGivenUp() {
    sandbox.docker.image(
        "v1.1.0", new ImageSpec().with("HEALTHCHECK --interval=200ms --retries=1000 CMD exit 1"));
    running("v1.0.0");
    sandbox.startTimeout = Duration.ofSeconds(3);

    Problem problem = failure(() -> sandbox.upgrade(sandbox.deployment()));

    assertThat(problem.summary()).contains("not up within 3 s", "health check: starting");
  }

  @Test
  void aTakenPortIsNamedWithItsHolder() {
    sandbox.docker.image("v1.1.0");
    sandbox.project("v1.0.0");
    String holder = sandbox.docker.name() + "-other";
    sandbox.docker.docker(
        "run",
        "-d",
        "--name",
        holder,
        "-p",
        "127.0.0.1:" + sandbox.port + ":8080",
        sandbox.docker.repository() + ":v1.0.0");

    Problem problem = failure(() -> sandbox.upgrade(sandbox.deployment()));

    assertThat(problem.summary())
        .contains("port 127.0.0.1:" + sandbox.port + " is taken by container " + holder);
  }

  // The way back

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void comesBackFromEveryPointExactlyAsItWas(Strategy strategy) {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0", "restart: always");
    sandbox.strategy = strategy;
    String file = sandbox.read("compose.yaml");
    String image = sandbox.docker.imageId(sandbox.docker.repository() + ":v1.0.0");
    List<String> before = sandbox.containers();
    int steps = ComposeSandbox.forward(sandbox.driver(), sandbox.deployment()).size();

    for (int point = 0; point <= steps; point++) {
      Deployment deployment = sandbox.deployment();
      List<Effect> effects = ComposeSandbox.forward(sandbox.driver(), deployment);
      effects.subList(0, point).forEach(effect -> effect.action().run());

      sandbox.rollBack(deployment);

      assertThat(sandbox.read("compose.yaml")).as("file, point %d", point).isEqualTo(file);
      assertThat(sandbox.containers("{{.Image}} {{.Config.Image}} {{.State.Status}}"))
          .as("containers, point %d", point)
          .containsExactly(image + " " + sandbox.docker.repository() + ":v1.0.0 running");
      boolean replaced = point >= effects.size() - 1;
      if (!replaced && strategy != Strategy.RECREATE) {
        assertThat(sandbox.containers()).as("untouched, point %d", point).isEqualTo(before);
      }
      before = sandbox.containers();
    }
    assertThat(sandbox.notices()).noneMatch(notice -> notice.contains("somebody else"));
  }

  @Test
  void rollingBackTwiceIsRollingBackOnce() {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0");
    Deployment deployment = sandbox.deployment();
    sandbox.upgrade(deployment);
    sandbox.rollBack(deployment);
    List<String> after = sandbox.containers();

    sandbox.rollBack(deployment);

    assertThat(sandbox.containers()).isEqualTo(after);
  }

  @Test
  void comesBackToTheExactImageWhenItsTagHasMoved() {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0");
    String image = sandbox.docker.imageId(sandbox.docker.repository() + ":v1.0.0");
    Deployment deployment = sandbox.deployment();
    RunId run = deployment.run();
    sandbox.driver().placeMark(new Mark(run, "test", Instant.EPOCH, "{}"));
    sandbox.upgrade(deployment);
    sandbox.docker.image("v1.0.0");
    assertThat(sandbox.docker.imageId(sandbox.docker.repository() + ":v1.0.0")).isNotEqualTo(image);

    sandbox.rollBack(deployment);

    assertThat(sandbox.docker.imageId(sandbox.docker.repository() + ":v1.0.0")).isEqualTo(image);
    assertThat(sandbox.containers("{{.Image}}")).containsExactly(image);
  }

  @Test
  void saysWhenThePreviousImageIsGone() {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0");
    Deployment deployment = sandbox.deployment();
    sandbox.upgrade(deployment);
    sandbox.docker.docker("image", "rm", deployment.plan().fromReference());

    Problem problem = failure(() -> sandbox.rollBack(deployment));

    assertThat(problem.summary())
        .contains("previous image", "is gone", deployment.plan().fromReference());
  }

  @Test
  void keepsWhatSomebodyElseChangedInTheFileMeanwhile() {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0");
    String file = sandbox.read("compose.yaml");
    Deployment deployment = sandbox.deployment();
    sandbox.upgrade(deployment);
    String remark = "# added during the run\n";
    sandbox.file("compose.yaml", remark + sandbox.read("compose.yaml"));

    sandbox.rollBack(deployment);

    assertThat(sandbox.read("compose.yaml")).isEqualTo(remark + file);
    assertThat(sandbox.notices()).anySatisfy(notice -> assertThat(notice).contains("kept"));
  }

  @Test
  void goesToAnOlderVersionAsWell() {
    sandbox.docker.image("v1.1.0");
    running("v1.1.0");

    sandbox.upgrade(sandbox.deployment(new Target(Version.parse("v1.0.0"), null, false)));

    assertThat(sandbox.answer()).endsWith(":v1.0.0");
    assertThat(sandbox.output("migrate")).isEmpty();
  }

  // Where the image comes from

  @Test
  void editsTheVariableInTheEnvFile() {
    sandbox.docker.image("v1.1.0");
    sandbox.project("${IMAGE_TAG:-v0.9.0}");
    sandbox.file(".env", "# the version\nIMAGE_TAG=\"v1.0.0\" # deployed\nOTHER=1\n");
    sandbox.up();
    Deployment deployment = sandbox.deployment();

    sandbox.upgrade(deployment);

    assertThat(sandbox.read(".env"))
        .isEqualTo("# the version\nIMAGE_TAG=\"v1.1.0\" # deployed\nOTHER=1\n");
    assertThat(sandbox.answer()).endsWith(":v1.1.0");
    sandbox.rollBack(deployment);
    assertThat(sandbox.read(".env"))
        .isEqualTo("# the version\nIMAGE_TAG=\"v1.0.0\" # deployed\nOTHER=1\n");
    assertThat(sandbox.answer()).endsWith(":v1.0.0");
  }

  @Test
  void editsTheOverrideThatSetsTheImage() {
    sandbox.docker.image("v1.1.0");
    sandbox.project("v0.9.0");
    sandbox.file(
        "compose.override.yml",
        "services: {gateway: {image: '" + sandbox.docker.repository() + ":v1.0.0'}}\n");
    sandbox.up();
    String file = sandbox.read("compose.yaml");

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.read("compose.yaml")).isEqualTo(file);
    assertThat(sandbox.read("compose.override.yml")).contains(":v1.1.0'");
    assertThat(sandbox.answer()).endsWith(":v1.1.0");
  }

  @Test
  void saysWhoSharesTheImageByAnAnchor() {
    sandbox.docker.image("v1.1.0");
    sandbox.file(
        "compose.yaml",
        """
        x-app: &app
          image: %s:v1.0.0
        services:
          gateway:
            <<: *app
          admin:
            <<: *app
            entrypoint: ["sleep", "1000"]
        """
            .formatted(sandbox.docker.repository()));
    sandbox.up();
    Deployment deployment = sandbox.deployment();

    sandbox.upgrade(deployment);

    assertThat(deployment.plan().steps())
        .anySatisfy(step -> assertThat(step.description()).contains("also the image of admin"));
    assertThat(sandbox.answer()).endsWith(":v1.1.0");
  }

  @Test
  void worksInProjectsThatStateAFileVersion() {
    sandbox.docker.image("v1.1.0");
    sandbox.project("v1.0.0");
    sandbox.file("compose.yaml", "version: '3.4'\n" + sandbox.read("compose.yaml"));
    sandbox.up();

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.answer()).endsWith(":v1.1.0");
  }

  // Logs and marks

  @Test
  void readsTheLogsOfBothOutputsInOrder() {
    sandbox.docker.image(
        "v1.0.1",
        new ImageSpec()
            .starting(
                "echo first; sleep 0.2; echo second >&2; sleep 0.2; echo third; exec httpd -f -p 8080 -h /www"));
    running("v1.0.1");

    assertThat(sandbox.driver().logs(Instant.EPOCH)).containsExactly("first", "second", "third");
    assertThat(sandbox.driver().logs(Instant.now().plusSeconds(60))).isEmpty();
  }

  @Test
  void aMarkKeepsOthersOutUntilItsRunClearsIt() {
    running("v1.0.0");
    Mark mine =
        new Mark(
            new RunId("20260115-031500-aaaaaa"),
            "runner-1, process 4711",
            Instant.parse("2026-01-15T03:15:00Z"),
            "{\"a\": \"b=c, 'd'\", \"u\": \"ü\"}");
    Mark other = new Mark(new RunId("20260115-031501-bbbbbb"), "runner-2", Instant.EPOCH, "{}");
    assertThat(sandbox.driver().findMark()).isEmpty();

    sandbox.driver().placeMark(mine);
    sandbox.driver().placeMark(mine);

    assertThat(sandbox.driver().findMark()).contains(mine);
    assertThatThrownBy(() -> sandbox.driver().placeMark(other))
        .isInstanceOf(DeployException.Locked.class)
        .hasMessageContaining(mine.run().value())
        .hasMessageContaining("runner-1");
    sandbox.driver().clearMark(other.run());
    assertThat(sandbox.driver().findMark()).contains(mine);
    sandbox.driver().clearMark(mine.run());
    assertThat(sandbox.driver().findMark()).isEmpty();
  }

  @Test
  void aMarkIsNoContainerOfTheService() {
    running("v1.0.0");
    sandbox
        .driver()
        .placeMark(new Mark(new RunId("20260115-031500-aaaaaa"), "me", Instant.EPOCH, "{}"));

    assertThat(sandbox.driver().observe().instances()).hasSize(1);
    assertThat(sandbox.driver().failure()).isEmpty();
  }
}
