package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.DeployException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long the new version is watched. */
final class BakeOption {

  /** Of the same form as a duration of the configuration, which reads it. */
  private static final String FORM = "[1-9][0-9]{0,5}(ms|s|m|h)";

  @Option(
      names = "--bake",
      paramLabel = "TIME",
      description =
          "Watches the gateway for so long, such as 10m: server errors, latency and health, against"
              + " the limits in the configuration and against the version before.")
  @Nullable String period;

  boolean given() {
    return period != null;
  }

  void override(Map<String, String> configuration) {
    String wanted = period;
    if (wanted == null) {
      return;
    }
    if (!wanted.matches(FORM)) {
      throw new DeployException.Usage(
          "--bake '" + wanted + "' is not a time", "give one such as 90s, 10m or 2h");
    }
    configuration.put("bake.for", wanted);
  }
}
