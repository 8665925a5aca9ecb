package io.rackgateway.deploy.driver.kubernetes;

import static io.rackgateway.deploy.driver.kubernetes.KubernetesFixture.DEPLOYMENT;
import static io.rackgateway.deploy.driver.kubernetes.KubernetesFixture.IMAGE;
import static io.rackgateway.deploy.driver.kubernetes.KubernetesFixture.NEW;
import static io.rackgateway.deploy.driver.kubernetes.KubernetesFixture.OLD;
import static io.rackgateway.deploy.driver.kubernetes.KubernetesFixture.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is a Deployment. The API server is a stand-in, the client is not. */
class KubernetesDriverTest {

  @TempDir Path folder;
  private KubernetesFixture site;

  @BeforeEach
  void prepare() throws IOException {
    site = new KubernetesFixture(folder);
  }

  @AfterEach
  void close() {
    site.close();
  }

  private Gate gate(Deployment deployment, String name) {
    return deployment.plan().gates().stream()
        .filter(gate -> gate.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsDeployedIsRead() {
    Observation seen = site.driver().observe();

    assertThat(seen.knownVersion()).contains(OLD);
    assertThat(seen.location())
        .startsWith("Deployment gateway in namespace prod of context test (http://127.0.0.1:");
    assertThat(seen.instances())
        .hasSize(2)
        .allMatch(Instance::serving)
        .allMatch(instance -> instance.reference().equals(IMAGE + ":v1.0.0"));
    Surroundings around = site.driver().surroundings(seen, new Target(NEW, null, false));
    assertThat(around.environment()).containsExactlyInAnyOrder("DOMAIN", "APP_SECRET_KEY");
    assertThat(around.availability()).isEqualTo(new Surroundings.Availability(2, true, true, 2));
  }

  @Test
  void theDeploymentIsFoundByItsLabels() {
    site.deployment = null;

    assertThat(site.driver().observe().location()).startsWith("Deployment gateway in");
  }

  @Test
  void anUpgradeChangesTheImageAloneAndARollbackBringsBackTheVeryRevision() {
    Deployment deployment = site.deployment(NEW);
    ObjectNode before = site.cluster.object("deployments", "gateway");

    site.upgrade(deployment);

    assertThat(site.cluster.running()).containsExactly("v1.1.0", "v1.1.0");
    ObjectNode after = site.cluster.object("deployments", "gateway");
    assertThat(after.at("/spec").toString())
        .isEqualTo(before.at("/spec").toString().replace(":v1.0.0", ":v1.1.0"));
    assertThat(after.at("/metadata/annotations/rack-gateway-deploy~1run").asText())
        .isEqualTo(RUN.value());
    assertThat(after.at("/metadata/annotations/rack-gateway-deploy~1previous-image").asText())
        .isEqualTo(IMAGE + ":v1.0.0");
    Observation seen = site.driver().observe();
    assertThat(seen.knownVersion()).contains(NEW);
    assertThat(site.driver().resolve(IMAGE + ":v1.1.0")).contains(seen.instances().get(0).image());

    site.run(deployment, Phase.ROLLBACK);

    assertThat(site.cluster.running()).containsExactly("v1.0.0", "v1.0.0");
    assertThat(site.driver().observe().instances())
        .allMatch(instance -> instance.image().equals(deployment.plan().fromImage()));
  }

  @Test
  void everyEffectMayBeRunAgain() {
    Deployment deployment = site.deployment(NEW);
    site.upgrade(deployment);

    site.upgrade(deployment);

    assertThat(
            site.cluster.calls().stream().filter(call -> call.equals("patch deployments gateway")))
        .hasSize(1);
    site.run(deployment, Phase.ROLLBACK);
    site.run(deployment, Phase.ROLLBACK);
    assertThat(site.cluster.running()).containsExactly("v1.0.0", "v1.0.0");
  }

  @Test
  void whereNothingWasChangedARollbackChangesNothing() {
    Deployment deployment = site.deployment(NEW);
    int calls = site.cluster.calls().size();

    site.run(deployment, Phase.ROLLBACK);

    assertThat(site.cluster.calls()).hasSize(calls);
  }

  @Test
  void goingBackToAnEarlierVersionBringsBackItsWholeTemplate() {
    site.upgrade(site.deployment(NEW));
    site.cluster.change(
        "deployments",
        "gateway",
        object -> ((ObjectNode) object.at("/spec/template/spec")).put("priorityClassName", "new"));
    KubernetesFixture.until(
        "the change",
        () -> site.driver().observe().instances().stream().allMatch(i -> i.serving()));

    Deployment back = site.deployment(OLD);
    site.upgrade(back);

    assertThat(gate(back, "template-back").result()).isEqualTo(Gate.Result.WARN);
    ObjectNode after = site.cluster.object("deployments", "gateway");
    assertThat(after.at("/spec/template/spec/priorityClassName").isMissingNode()).isTrue();
    assertThat(site.cluster.running()).containsExactly("v1.0.0", "v1.0.0");
  }

  @Test
  void stopFirstScalesToZeroAndBackToWhatWasThere() {
    site.strategy = Strategy.STOP_FIRST;
    Deployment deployment = site.deployment(NEW);

    site.run(deployment, Phase.PREPARE, Phase.MIGRATE);
    assertThat(site.cluster.running()).isEmpty();
    site.run(deployment, Phase.ROLLOUT);

    assertThat(site.cluster.running()).containsExactly("v1.1.0", "v1.1.0");
    site.run(deployment, Phase.MIGRATE);
    site.run(deployment, Phase.ROLLBACK);
    assertThat(site.cluster.running()).containsExactly("v1.0.0", "v1.0.0");
  }

  // Manifests

  @Test
  void manifestsAreEditedByTheReferenceAloneAndPutBack() throws IOException {
    Path manifest = folder.resolve("deployment.yaml");
    String both = "# first\nkind: Service\n---\n" + DEPLOYMENT;
    Files.writeString(manifest, both);
    Path values = folder.resolve("values.yaml");
    Files.writeString(
        values, "image:\n  repository: docspringcom/rack-gateway\n  tag: \"v1.0.0\" # here\n");
    Path kustomization = folder.resolve("kustomization.yaml");
    Files.writeString(
        kustomization, "images:\n- name: docspringcom/rack-gateway\n  newTag: v1.0.0\n");
    site.manifests = List.of("deployment.yaml", "values.yaml", "kustomization.yaml");
    Deployment deployment = site.deployment(NEW);

    site.upgrade(deployment);

    assertThat(manifest).hasContent(both.replace("rack-gateway:v1.0.0", "rack-gateway:v1.1.0"));
    assertThat(values).content().contains("tag: \"v1.1.0\" # here");
    assertThat(kustomization).content().contains("newTag: v1.1.0");
    site.run(deployment, Phase.ROLLBACK);
    assertThat(manifest).hasContent(both);
    assertThat(values).content().contains("tag: \"v1.0.0\" # here");
  }

  @Test
  void manifestOnlyWaitsForWhoeverRollsItOut() throws Exception {
    Files.writeString(folder.resolve("deployment.yaml"), DEPLOYMENT);
    site.manifests = List.of("deployment.yaml");
    site.apply = false;
    Deployment deployment = site.deployment(NEW);
    Thread controller =
        new Thread(
            () -> {
              KubernetesFixture.until(
                  "the edit",
                  () -> {
                    try {
                      return Files.readString(folder.resolve("deployment.yaml")).contains("v1.1.0");
                    } catch (IOException e) {
                      return false;
                    }
                  });
              site.cluster.apply(DEPLOYMENT.replace("v1.0.0", "v1.1.0"));
            });
    controller.start();

    site.upgrade(deployment);
    controller.join();

    assertThat(site.cluster.running()).containsExactly("v1.1.0", "v1.1.0");
    assertThat(site.cluster.calls()).noneMatch(call -> call.startsWith("patch"));
  }

  @Test
  void aManifestThatIsNoYamlOrNamesAnotherImageIsRefused() throws IOException {
    site.manifests = List.of("deployment.yaml");
    Files.writeString(folder.resolve("deployment.yaml"), "image: {{ .Values.image }}\n");
    assertThatThrownBy(() -> site.deployment(NEW))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("deployment.yaml")
        .hasMessageContaining("names no image");

    Files.writeString(folder.resolve("deployment.yaml"), "a: [\n");
    assertThatThrownBy(() -> site.deployment(NEW))
        .hasMessageContaining("line 2")
        .hasMessageContaining("is not valid YAML");

    Files.delete(folder.resolve("deployment.yaml"));
    assertThatThrownBy(() -> site.deployment(NEW)).hasMessageContaining("cannot be read");
  }

  // Before anything is changed

  @Test
  void anUnknownContextIsNamedWithThoseThatThereAre() {
    site.context = "staging";

    assertThatThrownBy(() -> site.driver())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("no context 'staging'")
        .hasMessageContaining("other, test");
  }

  @Test
  void aNamespaceThatIsNotThereIsSaid() {
    site.context = "other";

    assertThatThrownBy(() -> site.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("elsewhere");
  }

  @Test
  void expiredTokensAreSaid() {
    site.cluster.expireTokens();

    assertThatThrownBy(() -> site.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("401");
  }

  @Test
  void eachForbiddenVerbIsNamed() {
    site.cluster.forbid("patch deployments");
    site.cluster.forbid("create leases");

    Gate gate = gate(site.deployment(NEW), "permissions");

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence())
        .contains("patch deployments.apps", "create leases.coordination.k8s.io");
    site.cluster.forbid("list pods");
    assertThatThrownBy(() -> site.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("list pods");
  }

  @Test
  void anotherContainerOrDeploymentThanThereIsIsNamed() {
    site.container = "gatewya";
    assertThatThrownBy(() -> site.driver().observe())
        .hasMessageContaining("no container 'gatewya'")
        .hasMessageContaining("gateway (docker.io/docspringcom/rack-gateway:v1.0.0)");

    site.container = "proxy";
    assertThatThrownBy(() -> site.driver().observe())
        .hasMessageContaining("envoyproxy/envoy:v1.30.0");

    site.container = null;
    site.deployment = "database";
    site.cluster.add("statefulsets", "metadata: {name: database}\n");
    assertThatThrownBy(() -> site.driver().observe())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("is a StatefulSet");
  }

  @Test
  void aConflictWithAnotherManagerNamesIt() {
    site.cluster.owner("argocd-controller");

    Gate gate = gate(site.deployment(NEW), "field-owner");

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence()).contains("argocd-controller");
  }

  @Test
  void aPausedDeploymentAndOneOfArgoCdAreNoticed() {
    site.cluster.change(
        "deployments",
        "gateway",
        object -> {
          ((ObjectNode) object.path("spec")).put("paused", true);
          ((ObjectNode) object.at("/metadata/labels"))
              .put("argocd.argoproj.io/instance", "gateway");
        });

    Deployment deployment = site.deployment(NEW);

    assertThat(gate(deployment, "deployment").result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate(deployment, "gitops").evidence()).contains("Argo CD");
  }

  @Test
  void aWebhookThatRefusesTheImageIsMetInTheDryRun() {
    Deployment deployment = site.deployment(NEW);
    site.cluster.webhook("images must be signed");

    assertThatThrownBy(() -> site.run(deployment, Phase.PREPARE))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("images must be signed");
    assertThat(site.cluster.image("gateway")).endsWith(":v1.0.0");
  }

  @Test
  void aChangeBySomebodyElseSinceThePlanIsNotOverwritten() {
    Deployment deployment = site.deployment(NEW);
    site.cluster.apply(DEPLOYMENT.replace("v1.0.0", "v1.0.7"));

    assertThatThrownBy(() -> site.run(deployment, Phase.ROLLOUT))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("v1.0.7");
  }

  // Migrations

  @Test
  void migrationsRunInAJobOfTheirOwnWithEverythingThatTheGatewayHas() {
    site.migrate = true;
    site.migrateEnvironment = Map.of("ADMIN_DATABASE_URL", new Secret("postgresql://a:b@c/d"));
    List<String> ran = new CopyOnWriteArrayList<>();
    site.cluster.onExec(
        (command, image, env, out) -> {
          out.accept("applied 2 migrations");
          ran.add(command + " " + image + " " + env.get("ADMIN_DATABASE_URL"));
          ObjectNode job = site.cluster.all("jobs").get(0);
          ran.add(job.at("/metadata/name").asText());
          ran.add(job.at("/spec/backoffLimit").asText());
          ran.add(job.at("/spec/template/spec/serviceAccountName").asText());
          ran.add(job.toString().contains("postgresql://") ? "tells the secret" : "tells nothing");
          return 0;
        });

    site.upgrade(site.deployment(NEW));

    assertThat(ran)
        .containsExactly(
            "[./rack-gateway-api, migrate] " + IMAGE + ":v1.1.0 postgresql://a:b@c/d",
            "gateway-migrate-" + RUN,
            "0",
            "gateway",
            "tells nothing");
    assertThat(site.events).contains(new Event.Output("migrate", "applied 2 migrations"));
    assertThat(site.cluster.all("jobs")).isEmpty();
    assertThat(site.cluster.all("secrets")).isEmpty();
  }

  @Test
  void aJobOfAManifestIsRunUnderANameOfItsOwn() throws IOException {
    site.migrate = true;
    Files.writeString(
        folder.resolve("migration-job.yaml"),
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrate, labels: {team: platform}}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers:
                - {name: migrate, image: "docspringcom/rack-gateway:v1.0.0", command: [special]}
        """);
    site.migrationJob = "migration-job.yaml";
    List<String> ran = new CopyOnWriteArrayList<>();
    site.cluster.onExec(
        (command, image, env, out) -> {
          ran.add(command + " " + image);
          ran.add(site.cluster.all("jobs").get(0).at("/metadata/labels/team").asText());
          return 0;
        });

    site.upgrade(site.deployment(NEW));

    assertThat(ran).containsExactly("[special] docspringcom/rack-gateway:v1.1.0", "platform");
    assertThat(folder.resolve("migration-job.yaml")).content().contains("rack-gateway:v1.1.0");
  }

  @Test
  void aFailedJobEndsTheWaitAtOnceWithWhatItSaid() {
    site.migrate = true;
    site.cluster.onExec(
        (command, image, env, out) -> {
          out.accept("relation \"users\" does not exist");
          return 3;
        });
    Deployment deployment = site.deployment(NEW);
    Instant began = Instant.now();

    assertThatThrownBy(() -> site.run(deployment, Phase.MIGRATE))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("relation \"users\" does not exist");

    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(6));
    assertThat(site.events)
        .contains(new Event.Output("migrate", "relation \"users\" does not exist"));
  }

  @Test
  void aJobWhosePodIsRefusedOrCannotStartEndsTheWait() {
    site.migrate = true;
    Deployment deployment = site.deployment(NEW);
    site.cluster.quota("exceeded quota: pods=2");
    assertThatThrownBy(() -> site.run(deployment, Phase.MIGRATE))
        .isInstanceOfSatisfying(
            DeployException.StepFailed.class,
            e -> assertThat(e.problem().details().toString()).contains("exceeded quota"));
    site.run(deployment, Phase.ROLLBACK);
    assertThat(site.cluster.all("jobs")).isEmpty();

    site.cluster.quota(null);
    site.cluster.fault("v1.1.0", io.rackgateway.deploy.testing.KubernetesStandIn.Fault.PULL);
    assertThatThrownBy(() -> site.run(deployment, Phase.MIGRATE))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("manifest unknown");
  }

  // Marks, logs, inside

  @Test
  void aMarkExcludesOtherRuns() {
    Mark mark = new Mark(RUN, "ci-1", Instant.parse("2026-01-15T03:15:00Z"), "{\"plan\": 1}");
    site.driver().placeMark(mark);
    site.driver().placeMark(mark);

    assertThat(site.driver().findMark()).contains(mark);
    RunId other = new RunId("20260115-041500-aaaaaa");
    assertThatThrownBy(() -> site.driver().placeMark(new Mark(other, "ci-2", Instant.EPOCH, "{}")))
        .isInstanceOf(DeployException.Locked.class)
        .hasMessageContaining("ci-1");
    site.driver().clearMark(other);
    assertThat(site.driver().findMark()).isPresent();
    site.driver().clearMark(RUN);
    assertThat(site.driver().findMark()).isEmpty();
  }

  @Test
  void logsAreReadFromEveryPod() {
    List<Instance> pods = site.driver().observe().instances();
    pods.forEach(pod -> site.cluster.log(pod.name(), "from " + pod.name()));

    assertThat(site.driver().logs(Instant.EPOCH))
        .containsExactlyInAnyOrder("from " + pods.get(0).name(), "from " + pods.get(1).name());
    assertThat(site.driver().logs(Instant.now().plusSeconds(60))).isEmpty();
  }

  @Test
  void podsAreAskedFromWithin() {
    site.cluster.onInside(
        path -> new MockResponse.Builder().code(500).body("asked " + path).build());

    assertThat(site.driver().askInside("/api/v1/health", Duration.ofSeconds(5)))
        .hasSize(2)
        .allMatch(answer -> answer.status() == 500)
        .allMatch(answer -> answer.body().equals("asked /api/v1/health"));
    site.cluster.forbid("get pods/proxy");
    assertThat(site.driver().askInside("/api/v1/health", Duration.ofSeconds(5))).isEmpty();
  }

  @Test
  void exhibitsTellNoValues() {
    String all =
        site.driver().exhibits(Instant.EPOCH, secret -> {}).stream()
            .map(exhibit -> exhibit.text().get())
            .reduce("", (a, b) -> a + "\n" + b);

    assertThat(all)
        .contains("revision 1", "Running, ready", "APP_SECRET_KEY", "Progressing True")
        .doesNotContain("gateway.example.com");
  }
}
