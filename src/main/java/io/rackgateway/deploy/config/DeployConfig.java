package io.rackgateway.deploy.config;

import org.jspecify.annotations.Nullable;

/** The section {@code deploy}. */
@OneOf(
    value = {"compose", "convox", "host", "kubernetes"},
    noun = "platform")
public record DeployConfig(
    @Key("A service of a Docker Compose project.") @Nullable ComposeConfig compose,
    @Key("An app of a Convox rack, directly or through a Rack Gateway.")
        @Nullable ConvoxConfig convox,
    @Key("A process or systemd unit on this machine.") @Nullable HostConfig host,
    @Key("A Deployment in a Kubernetes cluster.") @Nullable KubernetesConfig kubernetes) {}
