package io.rackgateway.deploy.config;

import io.rackgateway.deploy.model.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The section {@code deploy.convox}. */
public record ConvoxConfig(
    @Key(
            "The rack, https://convox:token@host, or a Rack Gateway's address, whose token is given as gatewayToken."
                + " Give it as ${RACK_URL}. Left out, the rack that the convox command line is logged in to.")
        @Nullable Secret rack,
    @Key(
            value =
                "Which rack of those that the convox command line is logged in to. Left out, the current one.",
            pattern = "^[A-Za-z0-9][A-Za-z0-9._/-]*$",
            expected = "the name of a rack",
            shown = true)
        @Nullable String rackName,
    @Key("The API token of the Rack Gateway in front of the rack. Give it as ${NAME}.")
        @Nullable Secret gatewayToken,
    @Key("A file of CA certificates (PEM) to trust beside the system's.") @Nullable Path caFile,
    @Key(
            value =
                "The SHA-256 fingerprint of the rack's certificate, the only one that is then accepted.",
            pattern = "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$",
            expected = "64 hexadecimal digits, with or without colons",
            shown = true)
        @Nullable String fingerprint,
    @Key(
            value =
                "Whether any certificate is accepted. Whoever is on the way can then read the rack's token.",
            orElse = "false")
        boolean insecure,
    @Key(
            value = "The Convox app that the gateway is.",
            pattern = "^[a-z][a-z0-9-]*$",
            expected = "the name of a Convox app",
            shown = true)
        String app,
    @Key(
            value = "The service that runs the gateway.",
            orElse = "gateway",
            pattern = "^[a-z][a-z0-9-]*$",
            expected = "the name of a Convox service",
            shown = true)
        String service,
    @Key(
            value =
                "The service whose process runs migrations. Left out, admin where the manifest has it, else the gateway's.",
            pattern = "^[a-z][a-z0-9-]*$",
            expected = "the name of a Convox service",
            shown = true)
        @Nullable String migrateService,
    @Key(value = "The manifest.", orElse = "convox.yml") Path manifest,
    @Key(
            value =
                "The order of a rollout: start-first (the rack replaces copies by and by, as deployment.minimum says) or"
                    + " stop-first (scaled to zero before migrations).",
            orElse = "start-first",
            except = "recreate")
        Strategy strategy,
    @Key(
            value =
                "Percent of the copies that keep running during a rollout. Left out, what the manifest says.",
            min = 0,
            max = 100)
        @Nullable Integer minimum,
    @Key(
            value =
                "Percent of the copies that may run at once during a rollout. Left out, what the manifest says.",
            min = 100)
        @Nullable Integer maximum,
    @Key(value = "How long a build may take.", orElse = "30m") Duration buildTimeout,
    @Key(
            value = "How long a rollout may take; the rack goes back by itself after that.",
            orElse = "10m")
        Duration rolloutTimeout,
    @Key(value = "For how long a rack that answered before may give no answer.", orElse = "3m")
        Duration patience,
    @Key(
            value =
                "Which environment a rollback gives the old build: current keeps what was set since, release brings back"
                    + " that of the old release.",
            orElse = "current")
        RollbackEnvironment rollbackEnvironment,
    @Key(
            value =
                "The Git commit that the build is of, for gateways that ask for it. Give it as ${GITHUB_SHA} or"
                    + " ${GIT_COMMIT}.",
            pattern = "^[0-9a-f]{7,64}$",
            expected = "a Git commit in hexadecimal digits",
            shown = true)
        @Nullable String commit,
    @Key(value = "Deploy approvals of the Rack Gateway.", orElse = "{}") ApprovalConfig approval) {

  /** Which environment a rollback gives the old build. */
  public enum RollbackEnvironment {
    CURRENT,
    RELEASE
  }
}
