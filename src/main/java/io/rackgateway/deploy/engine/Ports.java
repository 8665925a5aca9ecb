package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.diagnose.Diagnostics;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.hook.Hooks;
import io.rackgateway.deploy.migration.SchemaReader;
import io.rackgateway.deploy.restore.Restorer;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.AvailabilityProbe;
import io.rackgateway.deploy.verify.Verifier;
import io.rackgateway.deploy.verify.Watch;
import java.util.List;

/**
 * What the engine works through. Whoever assembles it chooses the platform, the kind of backup and
 * the checks.
 */
public record Ports(
    DeployDriver driver,
    BackupProvider backup,
    Restorer restorer,
    Proving proving,
    SchemaReader schema,
    List<GateCheck> gates,
    Verifier verifier,
    AvailabilityProbe probe,
    Watch watch,
    Diagnostics diagnostics,
    Hooks hooks,
    EventJson json,
    EventStream events,
    Waits waits) {}
