package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.kill.KillPoints;
import io.rackgateway.deploy.kill.KillStory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kill")
@Tag("postgres")
class ConvoxKillIT implements KillStory.Site {

  @TempDir Path folder;
  private HostSite host;
  private @Nullable ConvoxSite site;

  @BeforeEach
  void prepare() throws Exception {
    host = HostSite.prepare(folder);
  }

  @AfterEach
  void close() throws Exception {
    if (site != null) {
      site.close();
    }
    host.close();
  }

  @Test
  void anUpgradeKilledAnywhereIsFinished() throws Exception {
    int points = KillStory.finishing(this, HostSite.GOOD);
    System.out.println("convox: a good upgrade was killed at " + points + " points");
    assertThat(points).isGreaterThan(25 / KillPoints.apart());
  }

  @Test
  void theUndoingOfABadUpgradeKilledAnywhereIsFinished() throws Exception {
    int points = KillStory.undoing(this, HostSite.WRONG_VERSION);
    System.out.println("convox: the undoing of a bad upgrade was killed at " + points + " points");
    assertThat(points).isGreaterThan(10 / KillPoints.apart());
  }

  @Override
  public void reset() throws Exception {
    if (site != null) {
      site.close();
    }
    site = ConvoxSite.at(host);
  }

  @Override
  public Path configuration() {
    return folder.resolve("rack-gateway.yml");
  }

  @Override
  public Path backups() {
    return folder.resolve("backups");
  }

  @Override
  public Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>(host.environment());
    environment.putAll(site.environment());
    return environment;
  }

  @Override
  public String runningVersion() {
    return host.version().substring(1);
  }

  @Override
  public void assertClean(String version, String as) throws Exception {
    site.assertRuns("v" + version, as);
  }
}
