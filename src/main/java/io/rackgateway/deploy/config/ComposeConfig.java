package io.rackgateway.deploy.config;

import io.rackgateway.deploy.model.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code deploy.compose}. */
public record ComposeConfig(
    @Key(value = "The project's folder.", orElse = ".") Path directory,
    @Key(
            value = "The service that runs the gateway.",
            orElse = "gateway",
            pattern = "^[A-Za-z0-9_][A-Za-z0-9._-]*$",
            expected = "the name of a Compose service",
            shown = true)
        String service,
    @Key(
            value =
                "The compose files, relative to the folder, later ones overriding earlier ones. Left out, those that"
                    + " Compose itself would take.",
            orElse = "[]",
            min = 0,
            shown = true)
        List<String> files,
    @Key(
            value = "The project's name. Left out, the one that Compose itself would take.",
            pattern = "^[a-z0-9][a-z0-9_-]*$",
            expected = "a Compose project name: lower-case letters, digits, dash, underscore",
            shown = true)
        @Nullable String project,
    @Key(
            value = "Which Compose to run: auto, v2 (docker compose) or v1 (docker-compose).",
            orElse = "auto")
        ComposeTool tool,
    @Key(
            value = "The order of a rollout: recreate, stop-first or start-first.",
            orElse = "recreate")
        Strategy strategy,
    @Key(
            value =
                "With start-first: how long proxies get to notice new instances before old ones stop.",
            orElse = "2s",
            min = 0)
        Duration settle,
    @Key(
            value =
                "How long a stopping container gets to finish its requests before it is killed. The gateway itself takes up to 30s.",
            orElse = "35s",
            min = 0)
        Duration stopTimeout,
    @Key(value = "How long new containers get to become healthy.", orElse = "2m")
        Duration startTimeout,
    @Key(
            value =
                "The service that runs the gateway's database, where this machine cannot reach it: the applied migrations"
                    + " are then read with psql in its container, as POSTGRES_USER from POSTGRES_DB.",
            pattern = "^[A-Za-z0-9_][A-Za-z0-9._-]*$",
            expected = "the name of a Compose service",
            shown = true)
        @Nullable String databaseService) {

  /** Which Compose implementation to run. */
  public enum ComposeTool {
    AUTO,
    V2,
    V1
  }
}
