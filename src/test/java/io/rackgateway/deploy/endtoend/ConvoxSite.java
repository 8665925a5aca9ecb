package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.testing.ConvoxRackStandIn;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway v1.0.0 that is the app of a rack. The rack is a stand-in; what it is told to run are
 * real processes of this machine: one gateway, of the version that most of the app's processes
 * have, and the commands of one-off processes in the folder of their release's version.
 */
final class ConvoxSite implements AutoCloseable {

  static final String MANIFEST =
      """
      # The gateway, as it is deployed.
      environment:
        - DOMAIN
      services:
        gateway:
          image: docker.io/docspringcom/rack-gateway:v1.0.0 # the tag is what an upgrade changes
          health: /api/v1/health
          port: 8080
          scale:
            count: 2
        admin:
          image: docker.io/docspringcom/rack-gateway:v1.0.0
          command: echo "for migrations"
          scale:
            count: 0
      """;

  static final String SECRET = "s3cr3t-that-nobody-may-see";
  private static final Pattern TAG = Pattern.compile("rack-gateway:(\\$\\{IMAGE_TAG}|v[0-9.]+)");

  final HostSite host;
  final ConvoxRackStandIn rack;
  final Path manifest;
  private String serving = "v1.0.0";

  /** The configured backups. */
  String backup = "pgDump: {}";

  private ConvoxSite(HostSite host, ConvoxRackStandIn rack) {
    this.host = host;
    this.rack = rack;
    this.manifest = host.folder.resolve("convox.yml");
  }

  /** Starts a rack at the site, whose gateway runs. */
  static ConvoxSite at(HostSite host) throws Exception {
    return at(host, MANIFEST, "DOMAIN=127.0.0.1\nAPP_SECRET_KEY=" + SECRET);
  }

  static ConvoxSite at(HostSite host, String manifest, String env) throws Exception {
    host.reset();
    ConvoxSite site = new ConvoxSite(host, new ConvoxRackStandIn(manifest, env));
    Files.writeString(site.manifest, manifest);
    site.configure("rack: ${RACK_URL}");
    site.rack.onProcesses(site::run);
    site.rack.onExec(site::exec);
    site.rack.stepsPerLook(3);
    return site;
  }

  /** Writes the configuration; the lines are of {@code deploy.convox}. */
  void configure(String... lines) throws IOException {
    String convox = String.join("\n", lines).indent(4).strip();
    Files.writeString(
        host.folder.resolve("rack-gateway.yml"),
        """
        gateway:
          name: production
          url: http://127.0.0.1:%d
          apiToken: ${RACK_GATEWAY_API_TOKEN}
        deploy:
          convox:
            %s
            app: gateway
            patience: 20s
            rolloutTimeout: 30s
        database:
          url: ${DATABASE_URL}
          adminUrl: ${ADMIN_DATABASE_URL}
        backup: {%s, prove: listed}
        migrate:
          environment:
            ADMIN_DATABASE_URL: ${ADMIN_DATABASE_URL}
        gates: {accept: [image=not-evaluated]}
        verify: {timeout: 10s}
        releases: {none: {reason: this test is not about upstream}}
        """
            .formatted(host.port, convox, backup));
  }

  Ended tool(String... arguments) throws Exception {
    return host.tool().run(environment(), arguments);
  }

  /** Starts an upgrade to v1.1.0, whose events are followed. */
  Tool.Started upgrade(String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("upgrade", "--to", "v1.1.0", "--yes"));
    words.addAll(List.of(more));
    return host.tool().follow(environment(), words.toArray(String[]::new));
  }

  /** An upgrade whose migrations wait for {@link HostSite#go}. */
  Tool.Started heldUpgrade() throws Exception {
    return upgrade("--set", "migrate.command=[./held-migrate]").awaitEffect("run-migrations");
  }

  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("RACK_URL", rack.url());
    environment.put("GATEWAY_RACK_URL", rack.gatewayUrl());
    environment.put("GATEWAY_TOKEN", ConvoxRackStandIn.GATEWAY_TOKEN);
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    return environment;
  }

  /**
   * The gateway that runs is of the version that the processes of the app's newest release have.
   */
  private void run(List<ConvoxRackStandIn.Running> running) {
    List<String> versions =
        running.stream().filter(p -> p.service().equals("gateway")).map(p -> p.version()).toList();
    if (versions.isEmpty() || versions.contains(serving)) {
      if (versions.isEmpty()) {
        stop();
        serving = "none";
      }
      return;
    }
    stop();
    serving = versions.get(0);
    try {
      Path release = host.gateway().resolve("releases").resolve(serving);
      if (!Files.exists(release)) {
        return;
      }
      ProcessBuilder gateway =
          new ProcessBuilder("./rack-gateway-api")
              .directory(release.toRealPath().toFile())
              .redirectErrorStream(true)
              .redirectOutput(host.folder.resolve("said/" + serving + ".log").toFile());
      Files.createDirectories(host.folder.resolve("said"));
      gateway.environment().put("PORT", Integer.toString(host.port));
      gateway.environment().put("RGW_DATABASE_URL", databaseOf(running));
      gateway.environment().put("RACK_GATEWAY_API_TOKEN", HostSite.TOKEN);
      var unused = gateway.start();
    } catch (IOException e) {
      throw new IllegalStateException("the gateway " + serving + " could not be started", e);
    }
  }

  /** The release's own, or the site's where it has none. */
  private String databaseOf(List<ConvoxRackStandIn.Running> running) {
    String serving = running.stream().map(p -> p.release()).findFirst().orElseThrow();
    return variable(serving, "DATABASE_URL").orElseGet(host.database::appUrl);
  }

  Optional<String> variable(String release, String name) {
    return rack.releases().stream()
        .filter(r -> r.id().equals(release))
        .flatMap(r -> r.env().lines())
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst();
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

  /** As a shell in the process would. */
  private int exec(String command, String release, Consumer<String> out) throws Exception {
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", command)
            .directory(host.gateway().resolve("releases").resolve(version(release)).toFile())
            .redirectErrorStream(true);
    shell.environment().putAll(host.environment());
    shell.environment().put("PORT", Integer.toString(host.port));
    Process process = shell.start();
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        out.accept(line + "\n");
      }
    }
    return process.waitFor();
  }

  /** The version that a release's manifest names. */
  String version(String id) {
    ConvoxRackStandIn.Release release =
        rack.releases().stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
    Matcher tag = TAG.matcher(release.manifest());
    assertThat(tag.find()).isTrue();
    if (!tag.group(1).startsWith("$")) {
      return tag.group(1);
    }
    return variable(id, "IMAGE_TAG").orElseThrow();
  }

  /** Every copy is of the version, which answers, and no run has left anything on the rack. */
  void assertRuns(String version, Ended as) throws Exception {
    assertRuns(version, as.toString());
  }

  void assertRuns(String version, String text) throws Exception {
    Await.until("version " + version, () -> host.version().equals(version));
    assertThat(rack.status()).as(text).isEqualTo("running");
    assertThat(version(rack.activeRelease())).as(text).isEqualTo(version);
    assertThat(rack.running().stream().filter(p -> p.service().equals("gateway")).toList())
        .as(text)
        .hasSize(2)
        .allMatch(p -> p.version().equals(version));
    assertThat(rack.oneOffs()).as("one-offs; %s", text).isEmpty();
    assertThat(rack.objects()).as("mark; %s", text).noneMatch(key -> key.contains("mark"));
    assertThat(rack.releases().get(0).build())
        .as("the build from which the next release would be made; %s", text)
        .isEqualTo(
            rack.releases().stream()
                .filter(r -> r.id().equals(rack.activeRelease()))
                .findFirst()
                .orElseThrow()
                .build());
    assertThat(text).doesNotContain(SECRET).doesNotContain(ConvoxRackStandIn.TOKEN);
  }

  @Override
  public void close() {
    rack.close();
    stop();
  }
}
