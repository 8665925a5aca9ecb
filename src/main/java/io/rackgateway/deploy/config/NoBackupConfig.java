package io.rackgateway.deploy.config;

/** The section {@code backup.none}. */
public record NoBackupConfig(
    @Key(value = "Why none is needed; it stands in every plan and result.", shown = true)
        String reason) {}
