package io.rackgateway.deploy.config;

import io.rackgateway.deploy.model.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code deploy.host}. */
@OneOf({"command", "unit", "start"})
public record HostConfig(
    @Key("The folder that holds releases/<version>/ and the link current.") Path directory,
    @Key(
            "Where a release comes from when releases/<version>/ is not there: a file, folder, .tar.gz or http(s) URL, with"
                + " {version} (1.2.0) or {tag} (v1.2.0) in it.")
        @Nullable String artifact,
    @Key(
            "The gateway's command, run in the folder current and looked after by this tool: its process id is kept in"
                + " run/gateway.pid, its output in logs/<version>.log.")
        @Nullable List<String> command,
    @Key("The systemd unit that runs the gateway from the folder current.") @Nullable String unit,
    @Key("A command that starts the gateway from the folder current and returns.")
        @Nullable List<String> start,
    @Key("A command that stops the gateway and returns; needed with start.")
        @Nullable List<String> stop,
    @Key("The file that holds the gateway's process id; needed with start.") @Nullable Path pidFile,
    @Key("The file that the gateway logs to; used with start.") @Nullable Path log,
    @Key("A file of NAME=VALUE lines for the gateway (with command) and for its migrations.")
        @Nullable Path environmentFile,
    @Key(value = "The order of a rollout: recreate or stop-first.", orElse = "recreate")
        Strategy strategy,
    @Key(value = "How long a stopping gateway gets before it is killed.", orElse = "10s")
        Duration stopTimeout,
    @Key(value = "How long a new process must stay up to count as started.", orElse = "1s")
        Duration startTime) {}
