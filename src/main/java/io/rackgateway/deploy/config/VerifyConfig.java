package io.rackgateway.deploy.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code verify}. */
public record VerifyConfig(
    @Key(value = "How long the gateway gets to answer well.", orElse = "1m") Duration timeout,
    @Key(value = "How many good answers in a row count as healthy.", orElse = "3")
        int healthySuccesses,
    @Key(
            value = "The service name that the health endpoint must tell.",
            orElse = "rack-gateway",
            shown = true)
        String service,
    @Key(
            value = "Log lines that this regular expression finds are errors.",
            orElse = "'(?i)\\b(panic|fatal|error)\\b'",
            form = Key.Form.REGEX,
            shown = true)
        String logErrors,
    @Key(
            value = "Log lines that one of these regular expressions finds are none.",
            orElse = "[]",
            form = Key.Form.REGEX,
            min = 0,
            shown = true)
        List<String> logAllow,
    @Key(
            "The folder of the target release's migrations, files named <version>_<name>.sql, where it is at hand: the"
                + " database must then hold exactly these.")
        @Nullable Path migrations,
    @Key(
            value = "Warn of a TLS certificate that is valid for fewer days than this.",
            orElse = "14",
            min = 0)
        int certificateDays,
    @Key(
            value =
                "The stretch of log before the upgrade that errors are compared with: those it had already are told,"
                    + " and count as a warning only.",
            orElse = "15m")
        Duration logCompare,
    @Key(value = "The login by browser.", orElse = "{}") LoginConfig login,
    @Key(value = "The way through the gateway to the rack.", orElse = "{}") RackReadConfig rack,
    @Key(value = "Checks of your own.", orElse = "[]", min = 0) List<HttpCheckConfig> http,
    @Key("The web interface in a browser; checked only where this is given, {} for the defaults.")
        @Nullable BrowserConfig browser) {}
