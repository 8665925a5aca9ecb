package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.DockerFixture.ImageSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the driver does on a real engine, and what either Compose does differently. */
abstract class ComposeDriverContract extends ComposeEngineCase {

  ComposeDriverContract(ComposeConfig.ComposeTool tool) {
    super(tool);
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
  void aFixedContainerNameIsNoObstacleToRecreate() {
    sandbox.docker.image("v1.1.0");
    running("v1.0.0", "container_name: " + sandbox.docker.name() + "-fixed");

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.containers("{{.Name}} {{.Config.Image}}"))
        .containsExactly(
            "/" + sandbox.docker.name() + "-fixed " + sandbox.docker.repository() + ":v1.1.0");
  }

  // Failures

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
  void worksInProjectsThatStateAFileVersion() {
    sandbox.docker.image("v1.1.0");
    sandbox.project("v1.0.0");
    sandbox.file("compose.yaml", "version: '3.4'\n" + sandbox.read("compose.yaml"));
    sandbox.up();

    sandbox.upgrade(sandbox.deployment());

    assertThat(sandbox.answer()).endsWith(":v1.1.0");
  }
}
