package io.rackgateway.deploy.config;

import java.time.Duration;
import java.util.List;

/** One item of the lists {@code before} and {@code after}: a command that is run around a run. */
public record HookConfig(
    @Key(
            value =
                "The command and its arguments. What the run is about is in its environment, in variables that begin"
                    + " with RACK_GATEWAY_DEPLOY_.",
            shown = true)
        List<String> run,
    @Key(value = "How long it may take.", orElse = "5m") Duration timeout) {}
