package io.rackgateway.deploy.config;

/** The section {@code releases.none}. */
public record NoReleasesConfig(
    @Key(value = "Why; it stands in every plan.", shown = true) String reason) {}
