package io.rackgateway.deploy.config;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The section {@code deploy.convox.approval}. */
public record ApprovalConfig(
    @Key(
            value =
                "Whether a deploy approval of the Rack Gateway is asked for and waited for before the build. Needs"
                    + " gatewayToken and commit.",
            orElse = "false")
        boolean required,
    @Key(
            value = "What the approver is told. {from} and {to} stand for the versions.",
            orElse = "'Upgrade of the gateway from {from} to {to}'",
            shown = true)
        String message,
    @Key(value = "The commit's branch.", shown = true) @Nullable String branch,
    @Key(
            value =
                "The name of the API token that will deploy, where another one than gatewayToken asks for it.",
            shown = true)
        @Nullable String targetToken,
    @Key(value = "Facts of the CI run that the approver is shown, by name.", orElse = "{}")
        Map<String, String> metadata,
    @Key(value = "How long somebody gets to decide.", orElse = "1h") Duration timeout) {}
