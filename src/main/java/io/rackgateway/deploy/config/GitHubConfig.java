package io.rackgateway.deploy.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The section {@code releases.github}. */
public record GitHubConfig(
    @Key(
            value = "The repository whose releases count.",
            orElse = "DocSpring/rack-gateway",
            pattern = "^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$",
            expected = "OWNER/NAME",
            shown = true)
        String repository,
    @Key(value = "The address of the API.", orElse = "https://api.github.com") URI url,
    @Key(
            "A token. None is needed for a public repository, but more calls an hour are allowed with one.")
        @Nullable Secret token) {}
