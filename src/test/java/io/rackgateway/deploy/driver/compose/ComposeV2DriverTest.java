package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.ComposeConfig;
import org.junit.jupiter.api.Tag;

@Tag("composev2")
class ComposeV2DriverTest extends ComposeDriverContract {

  ComposeV2DriverTest() {
    super(ComposeConfig.ComposeTool.V2);
  }
}
