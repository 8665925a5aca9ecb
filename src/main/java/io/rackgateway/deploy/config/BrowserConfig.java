package io.rackgateway.deploy.config;

import java.time.Duration;

/** The section {@code verify.browser}. */
public record BrowserConfig(
    @Key(
            value = "The page of the web interface that must load without an error in its scripts.",
            orElse = "/",
            pattern = "^/",
            expected = "a path that begins with /",
            shown = true)
        String path,
    @Key(
            value = "The browser: Chromium or Chrome, by name or path.",
            orElse = "chromium",
            shown = true)
        String program,
    @Key(value = "How long the page may take.", orElse = "30s") Duration timeout) {}
