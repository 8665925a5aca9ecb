package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.testing.KubernetesStandIn;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;

/**
 * A gateway v1.0.0 that is a Deployment of two pods. The cluster is a stand-in; what it is told to
 * run are real processes of this machine: one gateway, of the version that most of the pods have,
 * and the migrations of Jobs in the folder of their image's version.
 */
final class KubernetesSite implements AutoCloseable {

  static final String MANIFEST =
      """
      # The gateway, as it is deployed.
      apiVersion: v1
      kind: Service
      metadata: {name: gateway}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: gateway
        labels: {app.kubernetes.io/name: rack-gateway}
      spec:
        replicas: 2
        selector: {matchLabels: {app: gateway}}
        template:
          metadata:
            labels: {app: gateway}
          spec:
            containers:
              - name: gateway
                image: docker.io/docspringcom/rack-gateway:v1.0.0 # what an upgrade changes
                env:
                  - {name: DOMAIN, value: gateway.example.com}
                readinessProbe: {httpGet: {path: /api/v1/health, port: 8080}}
      """;

  final HostSite host;
  final KubernetesStandIn cluster;
  final Path manifest;
  private String serving = "v1.0.0";

  private KubernetesSite(HostSite host, KubernetesStandIn cluster) {
    this.host = host;
    this.cluster = cluster;
    this.manifest = host.folder.resolve("deployment.yaml");
  }

  /** Starts a cluster at the site, whose gateway runs. */
  static KubernetesSite at(HostSite host) throws Exception {
    host.reset();
    KubernetesSite site = new KubernetesSite(host, new KubernetesStandIn());
    Files.writeString(site.manifest, MANIFEST);
    Files.writeString(host.folder.resolve("kubeconfig"), site.cluster.kubeconfig());
    site.configure();
    site.cluster.apply(MANIFEST.substring(MANIFEST.indexOf("---\n") + 4));
    Await.until("two pods", () -> site.cluster.running().size() == 2);
    site.cluster.onPods(site::run);
    site.cluster.onExec(site::exec);
    site.cluster.onInside(site::ask);
    return site;
  }

  private void configure() throws IOException {
    Files.writeString(
        host.folder.resolve("rack-gateway.yml"),
        """
        gateway:
          name: production
          url: http://127.0.0.1:%d
          apiToken: ${RACK_GATEWAY_API_TOKEN}
        deploy:
          kubernetes:
            kubeconfig: kubeconfig
            deployment: gateway
            manifests: [deployment.yaml]
            schedulingTimeout: 1s
            rolloutTimeout: 30s
            patience: 20s
        database:
          url: ${DATABASE_URL}
          adminUrl: ${ADMIN_DATABASE_URL}
        backup: {pgDump: {}, prove: listed}
        migrate:
          environment:
            ADMIN_DATABASE_URL: ${ADMIN_DATABASE_URL}
        gates: {accept: [image=not-evaluated]}
        verify: {timeout: 10s}
        releases: {none: {reason: this test is not about upstream}}
        """
            .formatted(host.port));
  }

  Ended tool(String... arguments) throws Exception {
    return host.tool().run(arguments);
  }

  Tool.Started upgrade(String... more) throws Exception {
    List<String> words = new java.util.ArrayList<>(List.of("upgrade", "--to", "v1.1.0", "--yes"));
    words.addAll(List.of(more));
    return host.tool().start(words.toArray(String[]::new));
  }

  /** The gateway that runs is of the version that pods have. */
  private void run(List<String> versions) {
    if (versions.contains(serving)) {
      return;
    }
    stop();
    serving = "none";
    if (versions.isEmpty()) {
      return;
    }
    serving = versions.get(0);
    try {
      Path release = host.gateway().resolve("releases").resolve(serving);
      Files.createDirectories(host.folder.resolve("said"));
      ProcessBuilder gateway =
          new ProcessBuilder("./rack-gateway-api")
              .directory(release.toRealPath().toFile())
              .redirectErrorStream(true)
              .redirectOutput(host.folder.resolve("said/" + serving + ".log").toFile());
      gateway.environment().put("PORT", Integer.toString(host.port));
      gateway.environment().put("RGW_DATABASE_URL", host.database.appUrl());
      gateway.environment().put("RACK_GATEWAY_API_TOKEN", HostSite.TOKEN);
      var unused = gateway.start();
    } catch (IOException e) {
      throw new IllegalStateException("the gateway " + serving + " could not be started", e);
    }
  }

  /** As the API server's proxy would, in a pod. */
  private MockResponse ask(String path) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    return new MockResponse.Builder().code(answer.statusCode()).body(answer.body()).build();
  }

  private void stop() {
    try {
      for (ProcessHandle process : host.gateways()) {
        process.destroyForcibly();
        var unused = process.onExit().join();
      }
    } catch (IOException e) {
      throw new IllegalStateException("the gateway could not be stopped", e);
    }
  }

  private int exec(
      List<String> command, String image, Map<String, String> env, Consumer<String> out)
      throws Exception {
    String version = image.substring(image.lastIndexOf(':') + 1);
    ProcessBuilder job =
        new ProcessBuilder(command)
            .directory(host.gateway().resolve("releases").resolve(version).toFile())
            .redirectErrorStream(true);
    job.environment().putAll(env);
    Process process = job.start();
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        out.accept(line);
      }
    }
    return process.waitFor();
  }

  /** Every pod is of the version, which answers, and no run has left anything in the cluster. */
  void assertRuns(String version, Ended as) throws Exception {
    String text = as.toString();
    Await.until("version " + version, () -> host.version().equals(version));
    assertThat(cluster.running()).as(text).containsExactly(version, version);
    assertThat(cluster.image("gateway")).as(text).endsWith(":" + version);
    assertThat(cluster.all("leases")).as("marks; %s", text).isEmpty();
    assertThat(cluster.all("secrets")).as("secrets; %s", text).isEmpty();
    assertThat(cluster.all("jobs"))
        .as("jobs that are not over; %s", text)
        .allMatch(job -> job.at("/status/conditions/0/type").asText().equals("Failed"));
    assertThat(manifest)
        .as(text)
        .hasContent(MANIFEST.replace("rack-gateway:v1.0.0", "rack-gateway:" + version));
    assertThat(text)
        .doesNotContain(KubernetesStandIn.TOKEN)
        .doesNotContain(host.environment().get("ADMIN_DATABASE_URL"));
  }

  @Override
  public void close() {
    cluster.close();
    stop();
  }
}
