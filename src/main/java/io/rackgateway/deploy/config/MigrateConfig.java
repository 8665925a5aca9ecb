package io.rackgateway.deploy.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The section {@code migrate}. */
public record MigrateConfig(
    @Key(
            value =
                "Whether migrations are run before the rollout. In production the gateway does not run them by itself.",
            orElse = "true")
        boolean enabled,
    @Key(
            value = "The command, run by the new version. It takes no further arguments.",
            orElse = "[./rack-gateway-api, migrate]")
        List<String> command,
    @Key(
            value =
                "Variables for the migration alone, such as ADMIN_DATABASE_URL. Give their values as ${NAME}.",
            orElse = "{}")
        Map<String, Secret> environment,
    @Key(value = "How long migrations may take.", orElse = "30m") Duration timeout) {

  /** Without what may hold a secret. */
  @Override
  public String toString() {
    return Masked.toString(this);
  }
}
