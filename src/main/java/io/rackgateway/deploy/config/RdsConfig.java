package io.rackgateway.deploy.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code backup.rds}. Credentials come from where the AWS SDK looks for them: the
 * environment, profiles, web identity, containers, instances.
 */
public record RdsConfig(
    @Key("The identifier of the DB instance. Give either instance or cluster.")
        @Nullable String instance,
    @Key("The identifier of the Aurora or Multi-AZ DB cluster.") @Nullable String cluster,
    @Key("The AWS region. Left out, AWS_REGION or the profile tells it.") @Nullable String region,
    @Key("The ARN of a role to assume.") @Nullable String role,
    @Key("Another address of the RDS API, such as a VPC endpoint.") @Nullable URI endpoint,
    @Key(value = "How long a snapshot or a restore may take.", orElse = "2h") Duration timeout,
    @Key(
            value = "The folder in which a restore saves what was written since the backup.",
            orElse = ".rack-gateway/deltas")
        Path deltaDirectory) {}
