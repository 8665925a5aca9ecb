package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.config.ConvoxConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.convox.LoginSearch;
import io.rackgateway.deploy.convox.RackAddress;
import io.rackgateway.deploy.convox.StoredLogin;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out which rack is meant: the configured one, or that of the convox command line. */
final class RackLogin {

  private static final String KEY = "deploy.convox.rack";

  private final ConvoxConfig config;
  private final Map<String, String> environment;
  private final Path home;
  private final Events events;
  private final Secrets secrets;

  /**
   * @param home the configuration's folder
   */
  RackLogin(
      ConvoxConfig config,
      Map<String, String> environment,
      Path home,
      Events events,
      Secrets secrets) {
    this.config = config;
    this.environment = environment;
    this.home = home;
    this.events = events;
    this.secrets = secrets;
  }

  /**
   * The rack's address.
   *
   * @throws DeployException.Usage if there is none, or two ways are given
   */
  RackAddress address() {
    Secret rack = config.rack();
    String name = config.rackName();
    if (rack != null) {
      if (name != null) {
        throw new DeployException.Usage(
            KEY + " and deploy.convox.rackName both say which rack is meant",
            "leave one of them out: rackName is for logins of the convox command line");
      }
      return RackAddress.of(KEY, rack, config.gatewayToken());
    }
    if (config.gatewayToken() != null) {
      throw new DeployException.Usage(
          "deploy.convox.gatewayToken is given, and no Rack Gateway's address in " + KEY,
          "give the Rack Gateway's address in " + KEY);
    }
    return stored(name);
  }

  private RackAddress stored(@Nullable String name) {
    Path user =
        Path.of(
            Optional.ofNullable(environment.get("HOME")).orElse(System.getProperty("user.home")));
    StoredLogin login = new LoginSearch(environment, user, home).find(name);
    secrets.add(login.url().value());
    secrets.add(login.token().value());
    RackAddress address =
        RackAddress.of("what " + login.source() + " holds", login.url(), null).named(login.name());
    events.emit(new Event.Notice("speaks to " + address.display() + ", from " + login.source()));
    login.warnings().forEach(warning -> events.emit(new Event.Notice(warning)));
    return address;
  }
}
