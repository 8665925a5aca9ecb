package io.rackgateway.deploy.config;

import org.jspecify.annotations.Nullable;

/** The section {@code deploy}. */
@OneOf(
    value = {"compose", "host"},
    noun = "platform")
public record DeployConfig(
    @Key("A service of a Docker Compose project.") @Nullable ComposeConfig compose,
    @Key("A process or systemd unit on this machine.") @Nullable HostConfig host) {}
