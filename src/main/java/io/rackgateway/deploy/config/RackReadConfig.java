package io.rackgateway.deploy.config;

/** The section {@code verify.rack}. */
public record RackReadConfig(
    @Key(
            value =
                "Whether it is checked that the rack can be read through the gateway, with gateway.apiToken.",
            orElse = "true")
        boolean enabled,
    @Key(
            value = "The path that is read.",
            orElse = "/api/v1/rack-proxy/system",
            pattern = "^/",
            expected = "a path that begins with /",
            shown = true)
        String path) {}
