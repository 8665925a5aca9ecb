package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.testing.ConvoxRackStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rack is sent to build from, and how it is found and trusted. */
class ConvoxContextIT {

  private static final String BUILT =
      """
        worker:
          build:
            path: worker
      """;

  @TempDir static Path folder;
  private static HostSite host;
  private ConvoxSite site;

  @BeforeAll
  static void prepare() throws Exception {
    host = HostSite.prepare(folder);
  }

  @AfterAll
  static void end() throws Exception {
    host.close();
  }

  @AfterEach
  void close() throws Exception {
    Files.deleteIfExists(host.folder.resolve(".dockerignore"));
    if (site != null) {
      site.close();
    }
  }

  private void write(String name, String text) throws Exception {
    Path file = host.folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aServiceThatIsBuiltGetsWhatDockerignoreLeaves() throws Exception {
    String manifest = ConvoxSite.MANIFEST + BUILT;
    site = ConvoxSite.at(host, manifest, "APP_SECRET_KEY=" + ConvoxSite.SECRET);
    write(".dockerignore", "*\n!worker\n!.rack-gateway\n!backups\n**/*.key\n");
    assertThat(site.tool("plan", "--to", "v1.1.0").withExitCode(3).out())
        .contains("'worker' would be built by " + host.folder.resolve("worker/Dockerfile"));
    write("worker/Dockerfile", "FROM scratch\nCOPY main /\n");
    write("worker/main", "source");
    write("worker/secret.key", "secret");

    Ended plan = site.tool("plan", "--to", "v1.1.0").withExitCode(0);
    assertThat(plan.out()).contains("files (", "MB before compression) are sent to be built");
    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    site.assertRuns("v1.1.0", upgrade);
    Map<String, String> sent = site.rack.source();
    assertThat(sent)
        .containsEntry("convox.yml", manifest.replace(":v1.0.0", ":v1.1.0"))
        .containsEntry("worker/main", "source")
        .containsKeys(".dockerignore", "worker/Dockerfile")
        .doesNotContainKeys("worker/secret.key", "rack-gateway.yml");
    assertThat(sent.keySet())
        .noneMatch(name -> name.contains("journal") || name.contains("backups"));
  }

  @Test
  void withoutARackTheStoredLoginIsUsedAndNamed() throws Exception {
    site = ConvoxSite.at(host);
    site.configure("rackName: staging");
    Path home = Files.createDirectory(host.folder.resolve("home"));
    Map<String, String> environment = new HashMap<>(site.environment());
    environment.put("RACK_URL", "");
    environment.put("HOME", home.toString());
    host.tool()
        .run(environment, "status")
        .withExitCode(2)
        .saying(
            "not logged in to a rack 'staging'", home.resolve(".config/convox/racks").toString())
        .advising("${RACK_URL}", "gatewayToken");
    Path racks = Files.createDirectories(home.resolve(".config/convox/racks"));
    Files.writeString(racks.resolve("staging"), site.rack.url() + "\n");

    Ended status = host.tool().run(environment, "status").withExitCode(0);
    Ended plan = host.tool().run(environment, "plan", "--to", "v1.1.0").withExitCode(0);

    assertThat(status.out()).contains("the rack staging at 127.0.0.1");
    assertThat(plan.out()).contains("the rack staging at 127.0.0.1");
    assertThat(status.toString() + plan).doesNotContain(ConvoxRackStandIn.TOKEN);
    assertThat(status.toString() + plan).doesNotContain("rack%2Ft%40ken");
  }

  @Test
  void anyCertificateIsAcceptedOnlyLoudly() throws Exception {
    site = ConvoxSite.at(host);
    String warning = "WARNING: deploy.convox.insecure: the certificate of the rack at 127.0.0.1";
    assertThat(site.tool("status").withExitCode(0).toString()).doesNotContain("WARNING");
    site.configure("rack: ${RACK_URL}", "insecure: true");

    for (String[] command :
        new String[][] {
          {"status"},
          {"plan", "--to", "v1.1.0"},
          {"verify"},
          {"backup"},
          {"rollback", "--yes"},
          {"diagnose"}
        }) {
      assertThat(site.tool(command).toString()).as(command[0]).containsOnlyOnce(warning);
    }
    Ended upgrade = site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    assertThat(upgrade.toString()).containsOnlyOnce(warning);
    site.assertRuns("v1.1.0", upgrade);
  }
}
