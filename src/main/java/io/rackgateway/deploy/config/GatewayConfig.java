package io.rackgateway.deploy.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The section {@code gateway}. */
public record GatewayConfig(
    @Key("A name for this gateway, unique in its journal: letters, digits, dot, dash, underscore.")
        String name,
    @Key("The address the gateway answers on, as its users reach it: http or https.") URI url,
    @Key(value = "The path of the health endpoint.", orElse = "/api/v1/health") String healthPath,
    @Key(
            "A token that may read /api/v1/info, which alone tells the running version. Give it as ${NAME}.")
        @Nullable Secret apiToken) {}
