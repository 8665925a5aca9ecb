package io.rackgateway.deploy.driver.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.model.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The Role of the example is what the driver's requests need, and no more. */
class KubernetesRoleTest {

  @TempDir Path folder;

  @Test
  void theRoleIsExactlyWhatTheRequestsNeed() throws IOException {
    try (KubernetesFixture site = new KubernetesFixture(folder)) {
      site.migrate = true;
      site.migrateEnvironment = Map.of("ADMIN_DATABASE_URL", new Secret("postgresql://a:b@c/d"));
      Deployment deployment = site.deployment(KubernetesFixture.NEW);
      site.driver().placeMark(new Mark(KubernetesFixture.RUN, "ci", Instant.EPOCH, "{}"));
      site.upgrade(deployment);
      site.run(deployment, Phase.ROLLBACK);
      site.driver().clearMark(KubernetesFixture.RUN);
      site.driver().logs(Instant.EPOCH);
      site.driver().askInside("/", Duration.ofSeconds(5));
      assertThat(site.driver().exhibits(Instant.EPOCH, secret -> {}))
          .allSatisfy(exhibit -> assertThat(exhibit.text().get()).isNotNull());

      assertThat(site.cluster.used()).isEqualTo(role());
    }
  }

  private static Set<String> role() throws IOException {
    Map<String, List<Map<String, List<String>>>> role =
        new Yaml().load(Files.readString(Path.of("examples/kubernetes/role.yaml")));
    Set<String> permissions = new TreeSet<>();
    for (Map<String, List<String>> rule : role.get("rules")) {
      String group = rule.get("apiGroups").get(0);
      String resource = rule.get("resources").get(0);
      for (String verb : rule.get("verbs")) {
        permissions.add(verb + " " + (group.isEmpty() ? "" : group + "/") + resource);
      }
    }
    return permissions;
  }
}
