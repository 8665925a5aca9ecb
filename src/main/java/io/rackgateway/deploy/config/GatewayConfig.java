package io.rackgateway.deploy.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The section {@code gateway}. */
public record GatewayConfig(
    @Key(
            value =
                "A name for this gateway, unique in its journal: letters, digits, dot, dash, underscore.",
            pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
            expected =
                "at most 63 letters, digits, dots, dashes and underscores, a letter or digit first",
            shown = true)
        String name,
    @Key(
            value = "The address the gateway answers on, as its users reach it: http or https.",
            pattern = "^https?://[^/?#@\\s]+(/[^?#\\s]*)?$",
            expected =
                "an address such as https://gateway.example.com, without user, query or fragment",
            shown = true)
        URI url,
    @Key(
            value = "The path of the health endpoint.",
            orElse = "/api/v1/health",
            pattern = "^/[^\\s]*$",
            expected = "a path that begins with /",
            shown = true)
        String healthPath,
    @Key(
            "A token that may read /api/v1/info, which alone tells the running version. Give it as ${NAME}.")
        @Nullable Secret apiToken) {}
