package io.rackgateway.deploy.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The section {@code backup.convoxResource}. */
public record ConvoxResourceConfig(
    @Key(
            "The rack, https://convox:token@host, or a Rack Gateway's address, whose token is given as gatewayToken."
                + " Give it as ${RACK_URL}.")
        Secret rack,
    @Key("The API token of the Rack Gateway in front of the rack. Give it as ${NAME}.")
        @Nullable Secret gatewayToken,
    @Key("A file of CA certificates (PEM) to trust beside the system's.") @Nullable Path caFile,
    @Key(value = "The Convox app that the resource belongs to.") String app,
    @Key(value = "The name of the PostgreSQL resource.", orElse = "database") String resource,
    @Key(value = "The folder that exports are kept in.", orElse = "backups") Path directory,
    @Key(value = "How long an export or import may take.", orElse = "2h") Duration timeout) {}
