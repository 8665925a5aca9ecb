package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Strategy;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.DockerFixture.ImageSpec;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the driver does on a real engine whatever the Compose: mostly what Docker tells it. Compose
 * v2 stands for both.
 */
@Tag("composev2")
class ComposeDriverTest extends ComposeEngineCase {

  ComposeDriverTest() {
    super(ComposeConfig.ComposeTool.V2);
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
  void refusesAServiceOfAnotherImage() {
    sandbox.file("compose.yaml", "services:\n  gateway: {image: 'postgres:16'}\n");

    assertThatThrownBy(() -> sandbox.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("postgres:16")
        .hasMessageContaining(sandbox.docker.repository());
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
  void removesTheNewContainersWhereNoneRanBefore() {
    sandbox.docker.image("v1.1.0");
    sandbox.project("v1.0.0");
    Deployment deployment = sandbox.deployment();
    sandbox.upgrade(deployment);
    assertThat(sandbox.answer()).endsWith(":v1.1.0");

    sandbox.rollBack(deployment);

    assertThat(sandbox.containers()).isEmpty();
    assertThat(sandbox.read("compose.yaml")).contains(":v1.0.0 ");
  }

  @Test
  void goesToAnOlderVersionAsWell() {
    sandbox.docker.image("v1.1.0");
    running("v1.1.0");

    sandbox.upgrade(sandbox.deployment(new Target(Version.parse("v1.0.0"), null, false)));

    assertThat(sandbox.answer()).endsWith(":v1.0.0");
    assertThat(sandbox.output("migrate")).isEmpty();
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
  void readsTheLogsOfBothOutputsInOrder() {
    sandbox.docker.image(
        "v1.0.1",
        new ImageSpec()
            .starting(
                "echo first; sleep 0.2; echo second >&2; sleep 0.2; echo third; exec httpd -f -p 8080 -h /www"));
    running("v1.0.1");

    new Waits(Clock.systemUTC(), new Cancellation(), Events.none())
        .untilTrue(
            "the last line",
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            new Waits.Wakeup(),
            () -> sandbox.driver().logs(Instant.EPOCH).contains("third"));
    assertThat(sandbox.driver().logs(Instant.EPOCH)).containsExactly("first", "second", "third");
    assertThat(sandbox.driver().logs(Instant.now().plusSeconds(60))).isEmpty();
    List<String> read = new ArrayList<>();
    Instant before = Instant.now().minusSeconds(60);
    sandbox
        .driver()
        .readLogs(
            before,
            Instant.now().plusSeconds(60),
            (instance, at, line) -> {
              assertThat(at).isBetween(before, Instant.now().plusSeconds(1));
              read.add(instance + " " + line);
            });
    String name = sandbox.driver().observe().instances().get(0).name();
    assertThat(read).containsExactly(name + " first", name + " second", name + " third");
    sandbox
        .driver()
        .readLogs(Instant.now().plusSeconds(60), null, (instance, at, line) -> read.add(line));
    assertThat(read).hasSize(3);
  }

  @Test
  void containersAreAskedFromInside() {
    running("v1.0.0");
    String name = sandbox.driver().observe().instances().get(0).name();

    assertThat(sandbox.driver().askInside("/version", Duration.ofSeconds(5)))
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.instance()).isEqualTo(name);
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.body()).contains("v1.0.0");
            });
    assertThat(sandbox.driver().askInside("/nothing", Duration.ofSeconds(5)))
        .extracting(InsideAnswer::status)
        .containsExactly(404);
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
