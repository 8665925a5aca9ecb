package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import org.junit.jupiter.api.Tag;

@Tag("composev1")
class ComposeV1DriverTest extends ComposeDriverContract {

  ComposeV1DriverTest() {
    super(ComposeConfig.ComposeTool.V1);
  }
}
