package io.rackgateway.deploy.config;

import java.time.Duration;

/** The section {@code probe}. */
public record ProbeConfig(
    @Key(value = "Whether availability is watched during a run.", orElse = "true") boolean enabled,
    @Key(value = "The time between two probes.", orElse = "100ms") Duration interval,
    @Key(value = "How long an answer may take.", orElse = "2s") Duration timeout) {}
