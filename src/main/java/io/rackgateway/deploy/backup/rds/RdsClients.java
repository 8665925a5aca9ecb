package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.config.RdsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Makes the client that a configuration asks for. Throttling, 5xx and failures of the network are
 * tried again by the SDK, with growing pauses.
 */
final class RdsClients implements Supplier<RdsClient> {

  private static final int ATTEMPTS = 6;
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(90);
  private static final String SESSION = "rack-gateway-deploy";

  private final RdsConfig config;
  private final Supplier<AwsCredentialsProvider> credentials;
  private final @Nullable URI stsEndpoint;

  /**
   * @param stsEndpoint where roles are assumed, null for the region's own address
   */
  RdsClients(
      RdsConfig config, Supplier<AwsCredentialsProvider> credentials, @Nullable URI stsEndpoint) {
    this.config = config;
    this.credentials = credentials;
    this.stsEndpoint = stsEndpoint;
  }

  /** With the credentials that the SDK finds by itself. */
  static RdsClients standard(RdsConfig config) {
    return new RdsClients(config, () -> DefaultCredentialsProvider.builder().build(), null);
  }

  @Override
  public RdsClient get() {
    return settled(RdsClient.builder(), config.endpoint())
        .credentialsProvider(config.role() == null ? credentials.get() : assumed(config.role()))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private AwsCredentialsProvider assumed(String role) {
    StsClient sts =
        settled(StsClient.builder(), stsEndpoint)
            .credentialsProvider(credentials.get())
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts)
        .refreshRequest(request -> request.roleArn(role).roleSessionName(SESSION))
        .build();
  }

  private <B extends AwsClientBuilder<B, ?>> B settled(B builder, @Nullable URI endpoint) {
    StandardRetryStrategy retries =
        AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(ATTEMPTS).build();
    builder.overrideConfiguration(
        ClientOverrideConfiguration.builder()
            .retryStrategy(retries)
            .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
            .apiCallTimeout(CALL_TIMEOUT)
            .build());
    if (config.region() != null) {
      builder.region(Region.of(config.region()));
    }
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder;
  }
}
