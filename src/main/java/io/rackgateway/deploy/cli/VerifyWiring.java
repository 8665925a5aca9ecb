package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.config.HttpCheckConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.migration.SchemaReader;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Verifier;
import io.rackgateway.deploy.verify.database.SchemaCheck;
import io.rackgateway.deploy.verify.http.HealthCheck;
import io.rackgateway.deploy.verify.http.HttpGateway;
import io.rackgateway.deploy.verify.http.LoginCheck;
import io.rackgateway.deploy.verify.http.RackCheck;
import io.rackgateway.deploy.verify.http.RequestCheck;
import io.rackgateway.deploy.verify.http.VersionCheck;
import io.rackgateway.deploy.verify.platform.InstancesCheck;
import io.rackgateway.deploy.verify.platform.LogsCheck;
import java.util.ArrayList;
import java.util.List;

/** Puts the checks together that the configuration asks for. */
record VerifyWiring(
    Configuration configuration,
    HttpGateway http,
    DeployDriver driver,
    SchemaReader schema,
    Waits waits,
    Events events) {

  Verifier verifier() {
    GatewayConfig gateway = configuration.gateway();
    VerifyConfig verify = configuration.verify();
    List<CheckRunner> others = new ArrayList<>();
    others.add(new VersionCheck(http, gateway, verify, driver, waits));
    others.add(new InstancesCheck(driver, verify, waits));
    others.add(new LogsCheck(driver, verify));
    others.add(new SchemaCheck(verify, schema));
    if (verify.login().enabled()) {
      others.add(new LoginCheck(http, verify, driver, waits));
    }
    if (verify.rack().enabled()) {
      others.add(new RackCheck(http, gateway, verify, driver, waits));
    }
    for (HttpCheckConfig check : verify.http()) {
      others.add(new RequestCheck(http, check, verify, driver, waits));
    }
    return new Verifier(new HealthCheck(http, gateway, verify, driver, waits), others, events);
  }
}
