package io.rackgateway.deploy.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The section {@code verify.login}. */
public record LoginConfig(
    @Key(
            value =
                "Whether it is checked that a login sends the browser to the identity provider and back here.",
            orElse = "true")
        boolean enabled,
    @Key(
            value = "The path that begins a login.",
            orElse = "/api/v1/auth/web/login",
            pattern = "^/",
            expected = "a path that begins with /",
            shown = true)
        String path,
    @Key(
            "Where the provider must send the browser back to. Left out, /api/v1/auth/web/callback on the host of"
                + " gateway.url.")
        @Nullable URI callback,
    @Key(value = "The client id that the redirect must carry. Left out, any.", shown = true)
        @Nullable String clientId) {}
