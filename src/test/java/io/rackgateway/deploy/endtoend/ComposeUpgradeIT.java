package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good upgrades with each strategy, on both Composes. */
@Tag("docker")
@Tag("postgres")
class ComposeUpgradeIT {

  private static final String[] STRATEGIES = {"recreate", "stop-first", "start-first"};

  @TempDir Path folder;

  @Test
  @Tag("composev1")
  void upgradesWithComposeV1() throws Exception {
    upgrades("v1");
  }

  @Test
  @Tag("composev2")
  void upgradesWithComposeV2() throws Exception {
    upgrades("v2");
  }

  private void upgrades(String compose) throws Exception {
    try (ComposeSite site =
        new ComposeSite(folder, compose, Map.of("v1.0.0", "none", "v1.1.0", "none"))) {
      for (String strategy : STRATEGIES) {
        site.reset(strategy);

        Ended ended = site.tool().start("upgrade", "--to", "v1.1.0", "--yes").end();

        ended.withExitCode(0);
        assertThat(ended.out()).contains("'production' was upgraded from v1.0.0 to v1.1.0");
        assertThat(site.database.migrations()).as(ended.toString()).isEqualTo(8);
        site.assertRuns("v1.1.0", ended);
        if (strategy.equals("start-first")) {
          assertThat(ended.out()).contains("no interruption was seen");
        }
      }
      Ended back = site.tool().run("rollback", "--yes").withExitCode(0);
      assertThat(back.out()).contains("rolled back from v1.1.0 to v1.0.0");
      site.assertRuns("v1.0.0", back);
    }
  }
}
