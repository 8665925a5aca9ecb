package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.config.ProbeConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.verify.AvailabilityProbe;
import java.time.Clock;

/**
 * Asks the gateway's health endpoint again and again, each time on a new connection as a new user
 * would. A probe counts from when it was sent, and does not hold up those after it: a hanging
 * gateway is noticed to be back at the next probe, not when the hanging ones have timed out.
 */
public final class HttpAvailabilityProbe implements AvailabilityProbe {

  private final HttpGateway http;
  private final String path;
  private final HealthJudge judge;
  private final ProbeConfig config;
  private final Clock clock;
  private final Events events;

  public HttpAvailabilityProbe(
      HttpGateway http,
      GatewayConfig gateway,
      VerifyConfig verify,
      ProbeConfig config,
      Clock clock,
      Events events) {
    this.http = http;
    this.path = gateway.healthPath();
    this.judge = new HealthJudge(verify.service());
    this.config = config;
    this.clock = clock;
    this.events = events;
  }

  @Override
  public Measurement start() {
    return new HttpMeasurement(http, path, judge, config, clock, events);
  }
}
