package io.rackgateway.deploy.config;

/** The section {@code backup.none}. */
public record NoBackupConfig(
    @Key("Why none is needed; it stands in every plan and result.") String reason) {}
