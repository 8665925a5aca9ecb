package io.rackgateway.deploy.driver.compose;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the docker command itself says when there is no engine. */
@Tag("docker")
class ComposeUnreachableTest {

  @Test
  void namesTheAddressAndTheReason() {
    Map<String, String> environment = Map.of("DOCKER_HOST", "tcp://127.0.0.1:1");
    Commands commands =
        new SystemCommands(
            words -> {
              ProcessBuilder builder = new ProcessBuilder(words);
              builder.environment().putAll(environment);
              return builder;
            },
            new Cancellation(),
            Map::of);

    assertThatThrownBy(() -> new Docker(commands, environment).requireReachable())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("Docker at tcp://127.0.0.1:1 cannot be reached")
        .hasMessageContaining("Cannot connect to the Docker daemon");
  }
}
