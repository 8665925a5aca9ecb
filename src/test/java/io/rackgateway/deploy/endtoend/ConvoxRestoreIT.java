package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.postgres.TestPostgres;
import io.rackgateway.deploy.testing.ConvoxRackStandIn;
import io.rackgateway.deploy.testing.RdsStandIn;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway on a rack whose database is an RDS instance: restoring it makes another instance, whose
 * address the app has to get.
 */
class ConvoxRestoreIT {

  @TempDir Path folder;
  @TempDir Path otherFolder;
  private HostSite host;
  private TestPostgres restored;
  private RdsStandIn rds;
  private ConvoxSite site;

  @BeforeEach
  void prepare() throws Exception {
    host = HostSite.prepare(folder);
    TestDatabase live = host.database;
    restored = TestPostgres.start(otherFolder);
    restored.execute(
        "postgres",
        "CREATE ROLE rack_gateway_admin LOGIN CREATEDB PASSWORD '" + live.adminPassword() + "'",
        "CREATE ROLE rack_gateway_app LOGIN PASSWORD '" + live.appPassword() + "'",
        "CREATE DATABASE " + live.name() + " OWNER rack_gateway_admin");
    rds = new RdsStandIn();
    rds.addInstance("gateway");
    rds.answersAt("gateway", "127.0.0.1", live.port());
    rds.restoredAnswerAt("localhost", restored.port());
    ProcessBuilder migrate =
        new ProcessBuilder("./rack-gateway-api", "migrate")
            .directory(host.gateway().resolve("releases/v1.0.0").toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("restored.log").toFile());
    migrate.environment().putAll(host.environment());
    migrate.environment().put("ADMIN_DATABASE_URL", atRestored(live.adminUrl()));
    assertThat(migrate.start().waitFor()).isZero();
    site =
        ConvoxSite.at(
            host,
            ConvoxSite.MANIFEST,
            "DOMAIN=127.0.0.1\nAPP_SECRET_KEY="
                + ConvoxSite.SECRET
                + "\nDATABASE_URL="
                + live.appUrl()
                + "\nADMIN_DATABASE_URL="
                + live.adminUrl());
    site.backup =
        "rds: {instance: gateway, region: eu-west-1, endpoint: \"" + rds.endpoint() + "\"}";
    site.configure("rack: ${RACK_URL}");
  }

  @AfterEach
  void end() throws Exception {
    if (site != null) {
      site.close();
    }
    rds.close();
    restored.close();
    host.close();
  }

  private String atRestored(String url) {
    return url.replace("127.0.0.1:" + host.database.port(), "localhost:" + restored.port());
  }

  @Test
  void aRollbackThatRestoresGivesTheAppTheRestoredServer() throws Exception {
    site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);

    Ended back = site.tool("rollback", "--restore-database", "--yes").withExitCode(0);

    site.assertRuns("v1.0.0", back);
    String active = site.rack.activeRelease();
    assertThat(site.variable(active, "DATABASE_URL")).hasValue(atRestored(host.database.appUrl()));
    assertThat(site.variable(active, "ADMIN_DATABASE_URL"))
        .hasValue(atRestored(host.database.adminUrl()));
    assertThat(site.variable(active, "APP_SECRET_KEY")).hasValue(ConvoxSite.SECRET);
    assertThat(back.toString()).doesNotContain(host.database.appPassword());
  }

  @Test
  void whereTheOldVersionDoesNotStartTheFirstServerIsTheAppsAgain() throws Exception {
    site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);
    site.rack.rolloutsAreRolledBack("unhealthy");

    Ended back = site.tool("rollback", "--restore-database", "--yes");

    back.saying("the rack went back by itself");
    site.rack.behave();
    String active = site.rack.activeRelease();
    assertThat(site.variable(active, "DATABASE_URL")).hasValue(host.database.appUrl());
    assertThat(site.rack.running()).isNotEmpty().allMatch(p -> p.version().equals("v1.1.0"));
  }

  @Test
  void aGatewayThatMasksTheAddressIsToldBeforeAnythingIsDone() throws Exception {
    site.tool("upgrade", "--to", "v1.1.0", "--yes").withExitCode(0);
    site.configure("rack: ${GATEWAY_RACK_URL}", "gatewayToken: ${GATEWAY_TOKEN}");
    site.rack.gatewayMasks("DATABASE_URL", "ADMIN_DATABASE_URL");
    int promotions = site.rack.promotions().size();

    Ended back = site.tool("rollback", "--restore-database", "--yes").withExitCode(3);

    back.saying("does not tell DATABASE_URL").advising("deploy.convox.rack");
    assertThat(site.rack.promotions()).hasSize(promotions);
    assertThat(back.toString()).doesNotContain(ConvoxRackStandIn.GATEWAY_TOKEN);
  }
}
