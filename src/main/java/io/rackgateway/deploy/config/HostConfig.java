package io.rackgateway.deploy.config;

import io.rackgateway.deploy.model.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code deploy.host}. */
@OneOf(
    value = {"command", "unit", "start"},
    noun = "start method")
public record HostConfig(
    @Key("The folder that holds releases/<version>/ and the link current.") Path directory,
    @Key(
            value =
                "Where a release comes from when releases/<version>/ is not there: a file, folder, .tar.gz or http(s)"
                    + " URL, with {version} (1.2.0) or {tag} (v1.2.0) in it.",
            pattern = "\\{(version|tag)\\}",
            expected = "a place with {version} or {tag} in it")
        @Nullable String artifact,
    @Key(
            "The gateway's command, run in the folder current and looked after by this tool: its process id is kept in"
                + " run/gateway.pid, its output in logs/<version>.log.")
        @Nullable List<String> command,
    @Key(
            value = "The systemd unit that runs the gateway from the folder current.",
            pattern = "^[A-Za-z0-9_][A-Za-z0-9:_.@-]*$",
            expected = "the name of a systemd unit, such as rack-gateway.service",
            shown = true)
        @Nullable String unit,
    @Key(
            value = "A command that starts the gateway from the folder current and returns.",
            needs = {"stop", "pidFile"})
        @Nullable List<String> start,
    @Key(
            value = "A command that stops the gateway and returns; needed with start.",
            needs = "start")
        @Nullable List<String> stop,
    @Key(
            value = "The file that holds the gateway's process id; needed with start.",
            needs = "start")
        @Nullable Path pidFile,
    @Key(value = "The file that the gateway logs to; used with start.", needs = "start")
        @Nullable Path log,
    @Key("A file of NAME=VALUE lines for the gateway (with command) and for its migrations.")
        @Nullable Path environmentFile,
    @Key(
            value = "The order of a rollout: recreate or stop-first.",
            orElse = "recreate",
            except = "start-first")
        Strategy strategy,
    @Key(
            value =
                "How long a stopping gateway gets to finish its requests before it is killed. The gateway itself takes up to 30s.",
            orElse = "35s",
            min = 0)
        Duration stopTimeout,
    @Key(value = "How long a new process must stay up to count as started.", orElse = "1s", min = 0)
        Duration startTime) {

  /** Without what may hold a secret. */
  @Override
  public String toString() {
    return Masked.toString(this);
  }
}
