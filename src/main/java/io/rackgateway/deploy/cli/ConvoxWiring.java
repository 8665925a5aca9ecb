package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.approval.ApprovalRequest;
import io.rackgateway.deploy.approval.ApprovalWait;
import io.rackgateway.deploy.approval.DeployApprovals;
import io.rackgateway.deploy.config.ApprovalConfig;
import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.ConvoxConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackAddress;
import io.rackgateway.deploy.convox.RackClient;
import io.rackgateway.deploy.convox.RackTrust;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.convox.ConvoxDriver;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;

/** Puts together the driver for a Convox app. */
final class ConvoxWiring {

  private static final Duration UPLOAD = Duration.ofMinutes(10);

  private final Configuration configuration;
  private final ConvoxConfig config;
  private final OkHttpClient http;
  private final Waits waits;
  private final Events events;
  private final Secrets secrets;
  private final DatabaseVariables variables;
  private final Map<String, String> environment;
  private final Path home;

  ConvoxWiring(
      Configuration configuration,
      ConvoxConfig config,
      OkHttpClient http,
      Waits waits,
      Events events,
      Secrets secrets,
      DatabaseVariables variables,
      Map<String, String> environment,
      Path home) {
    this.configuration = configuration;
    this.config = config;
    this.http = http;
    this.waits = waits;
    this.events = events;
    this.secrets = secrets;
    this.variables = variables;
    this.environment = environment;
    this.home = home;
  }

  DeployDriver driver() {
    RackAddress address = new RackLogin(config, environment, home, events, secrets).address();
    secrets.add(address.authorization());
    if (config.insecure()) {
      events.emit(
          new Event.Notice(
              "WARNING: deploy.convox.insecure: the certificate of "
                  + address.display()
                  + " is not verified; whoever is on the way can read and change everything,"
                  + " the token included"));
    }
    // Calls are short and end by themselves; what waits between them ends with the run.
    RackClient client = new RackClient(http, address, trust(), UPLOAD, new Cancellation());
    Rack rack = new Rack(client, config.app(), config.patience(), waits, events);
    return new ConvoxDriver(
        config,
        configuration.migrate(),
        configuration.image(),
        variables,
        rack,
        OwnFolders.of(configuration, home),
        clearance(address),
        waits,
        events);
  }

  private RackTrust trust() {
    if (config.insecure()) {
      return RackTrust.anything();
    }
    String fingerprint = config.fingerprint();
    if (fingerprint != null) {
      return RackTrust.pinned(fingerprint);
    }
    Path caFile = config.caFile();
    return caFile == null
        ? RackTrust.system()
        : RackTrust.authorities("deploy.convox.caFile", caFile);
  }

  private Consumer<Plan> clearance(RackAddress address) {
    ApprovalConfig approval = config.approval();
    if (!approval.required()) {
      return plan -> {};
    }
    Secret token = config.gatewayToken();
    String commit = config.commit();
    if (token == null || commit == null) {
      throw new DeployException.Usage(
          "deploy.convox.approval.required needs "
              + (token == null ? "gatewayToken" : "commit")
              + " in deploy.convox",
          token == null
              ? "deploy approvals are a Rack Gateway's: give its address in rack, and gatewayToken"
              : "give the commit that is deployed, as ${GITHUB_SHA} or ${GIT_COMMIT}");
    }
    URI gateway = address.base().newBuilder().encodedPath("/").build().uri();
    DeployApprovals approvals =
        new DeployApprovals(http, gateway, token, waits.clock(), waits.cancellation());
    return plan -> {
      String message =
          approval.message().replace("{from}", plan.from().tag()).replace("{to}", plan.to().tag());
      ApprovalRequest request =
          new ApprovalRequest(
              config.app(),
              commit,
              approval.branch(),
              message,
              approval.targetToken(),
              approval.metadata());
      var unused = new ApprovalWait(approvals, request, approval.timeout(), waits, events).ensure();
    };
  }
}
