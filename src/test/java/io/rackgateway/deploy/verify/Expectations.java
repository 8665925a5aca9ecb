package io.rackgateway.deploy.verify;

import io.rackgateway.deploy.config.LoginConfig;
import io.rackgateway.deploy.config.RackReadConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.model.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the tests of checks start from. */
public final class Expectations {

  public static final String IMAGE = "sha256:" + "1".repeat(64);
  public static final Instant SINCE = Instant.parse("2026-01-15T03:15:00Z");
  public static final Expectation UPGRADED =
      new Expectation(Version.parse("v1.2.0"), IMAGE, SINCE, true);
  public static final Expectation ROLLED_BACK =
      new Expectation(Version.parse("v1.1.0"), IMAGE, SINCE, false);

  private Expectations() {}

  public static VerifyConfig config(Duration timeout) {
    return config(timeout, null, List.of());
  }

  public static VerifyConfig config(Duration timeout, Path migrations, List<String> logAllow) {
    return new VerifyConfig(
        timeout,
        3,
        "rack-gateway",
        "(?i)\\b(panic|fatal|error)\\b",
        logAllow,
        migrations,
        14,
        Duration.ofMinutes(15),
        new LoginConfig(true, "/api/v1/auth/web/login", null, null),
        new RackReadConfig(true, "/api/v1/rack-proxy/system"),
        List.of(),
        null);
  }
}
