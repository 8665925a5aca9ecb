package io.rackgateway.deploy.convox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.testing.ConvoxRackStandIn;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RackTrustTest {

  private static final String MANIFEST =
      """
      services:
        gateway:
          image: docker.io/docspringcom/rack-gateway:v1.0.0
      """;

  @TempDir private Path folder;
  private ConvoxRackStandIn server;

  @BeforeEach
  void start() throws Exception {
    server = ConvoxRackStandIn.withTls(MANIFEST, "A=1");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RackApp app(RackTrust trust) {
    Cancellation cancellation = new Cancellation();
    RackClient client =
        new RackClient(
            new OkHttpClient(),
            RackAddress.of("rack", new Secret(server.url()), null),
            trust,
            Duration.ofSeconds(10),
            cancellation);
    Waits waits = new Waits(Clock.systemUTC(), cancellation, Events.none());
    return new Rack(client, "gateway", Duration.ofSeconds(1), waits, Events.none()).app();
  }

  private String fingerprint() throws Exception {
    byte[] certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(server.certificate().getBytes(StandardCharsets.UTF_8)))
            .getEncoded();
    return HexFormat.ofDelimiter(":")
        .withUpperCase()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
  }

  @Test
  void aCertificateThatNobodySignedIsRefused() {
    assertThatThrownBy(() -> app(RackTrust.system()))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("not signed by an authority");
  }

  @Test
  void thePinnedCertificateAloneIsAccepted() throws Exception {
    String fingerprint = fingerprint();

    assertThat(app(RackTrust.pinned(fingerprint)).name()).isEqualTo("gateway");
    assertThatThrownBy(() -> app(RackTrust.pinned("00" + fingerprint.substring(2))))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("not the one that is pinned");
  }

  @Test
  void anAuthorityOfAFileIsAccepted() throws Exception {
    Path file = Files.writeString(folder.resolve("ca.pem"), server.certificate());

    assertThat(app(RackTrust.authorities("deploy.convox.caFile", file)).name())
        .isEqualTo("gateway");
    assertThatThrownBy(
            () -> app(RackTrust.authorities("deploy.convox.caFile", folder.resolve("none"))))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("none");
  }

  @Test
  void anyCertificateIsAcceptedWhereThatWasAskedFor() {
    assertThat(app(RackTrust.anything()).name()).isEqualTo("gateway");
  }
}
