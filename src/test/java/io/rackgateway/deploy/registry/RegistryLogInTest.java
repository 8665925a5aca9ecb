package io.rackgateway.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.testing.RegistryStandIn;
import io.rackgateway.deploy.testing.TinyImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and passwords: who gets them, and who does not. */
class RegistryLogInTest {

  private static final TinyImage IMAGE = TinyImage.oci("linux/amd64");

  private RegistryStandIn registry;
  private RegistryStandIn elsewhere;
  private Lookups lookups;
  private String image = "";

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    registry = new RegistryStandIn().hold(IMAGE, "gateway", "v1.2.0");
    elsewhere = new RegistryStandIn().hold(IMAGE, "gateway", "v1.2.0");
    lookups = new Lookups(folder);
    image = registry.address() + "/gateway:v1.2.0";
  }

  @AfterEach
  void end() {
    registry.close();
    elsewhere.close();
  }

  private void logIn() {
    lookups.logIn(registry.address(), RegistryStandIn.USER, RegistryStandIn.PASSWORD);
  }

  @Test
  void aTokenForAnybodyIsFetchedWithoutALogIn() throws InterruptedException {
    registry.demandAnonymousToken();

    assertThat(lookups.found(image).facts().digest()).isEqualTo(IMAGE.digest());
    assertThat(registry.seen().get(1).target())
        .startsWith("/token?")
        .contains("service=stand-in", "scope=repository%3Ax%3Apull");
    assertThat(registry.seen().get(1).authorized()).isFalse();
  }

  @Test
  void aTokenIsFetchedOnceWithTheLogInAndHidden() throws InterruptedException {
    registry.demandToken();
    logIn();

    assertThat(lookups.found(image).facts().platforms()).containsExactly("linux/amd64");
    assertThat(registry.seen().stream().filter(seen -> seen.target().startsWith("/token")))
        .hasSize(1);
    String token = registry.seen().get(2).authorization();
    assertThat(lookups.secrets.mask(token)).isEqualTo("Bearer ****");
  }

  @Test
  void anIdentityTokenIsExchangedForAnAccessToken() throws InterruptedException {
    registry.demandToken();
    lookups.configure(
        "{\"auths\":{\"%s\":{\"identitytoken\":\"%s\"}}}"
            .formatted(registry.address(), RegistryStandIn.IDENTITY_TOKEN));

    assertThat(lookups.found(image).facts().digest()).isEqualTo(IMAGE.digest());
    RegistryStandIn.Seen exchange = registry.seen().get(1);
    assertThat(exchange.method()).isEqualTo("POST");
    assertThat(exchange.target()).isEqualTo("/token");
    assertThat(exchange.authorized()).isFalse();
    assertThat(lookups.secrets.mask(exchange.body()))
        .doesNotContain(RegistryStandIn.IDENTITY_TOKEN);
  }

  @Test
  void aRefusedLogInIsToldWithoutItsPassword() {
    registry.demandToken();
    lookups.logIn(registry.address(), RegistryStandIn.USER, "wrong sesame");

    assertThat(lookups.problem(image).summary())
        .contains("refuses the log-in for " + registry.address() + " of " + lookups.config)
        .doesNotContain("wrong sesame");
  }

  @Test
  void aTokenServerThatWantsALogInIsToldApart() {
    registry.demandToken();

    assertThat(lookups.problem(image).next())
        .isEqualTo("log in with 'docker login " + registry.address() + "'");
  }

  @Test
  void aTokenServerThatGivesNoneIsTold() {
    registry.demandToken();
    registry.next(
        RegistryStandIn.answer(
            401,
            "",
            "WWW-Authenticate: Bearer realm=\"http://%s/token\"".formatted(registry.address())));
    registry.next(RegistryStandIn.answer(200, "{}"));

    assertThat(lookups.problem(image).summary()).contains("answered without a token");
  }

  @Test
  void aPasswordIsNotSentToATokenServerWithoutTls() {
    registry.demandTokenFrom("http://tokens.example.com/token");
    logIn();

    assertThat(lookups.problem(image).summary())
        .contains("http://tokens.example.com, without TLS; the credentials are not sent there");
  }

  @Test
  void aRedirectToAnotherHostGetsNoPassword() throws InterruptedException {
    registry.demandPassword();
    registry.redirectBlobsTo(elsewhere);
    logIn();

    assertThat(lookups.found(image).facts().platforms()).containsExactly("linux/amd64");
    assertThat(registry.seen()).anyMatch(RegistryStandIn.Seen::authorized);
    assertThat(elsewhere.seen()).hasSize(1).noneMatch(RegistryStandIn.Seen::authorized);
  }

  @Test
  void anotherHostThatAsksForThePasswordDoesNotGetIt() {
    registry.redirectBlobsTo(elsewhere);
    elsewhere.demandPassword();
    logIn();

    assertThat(lookups.problem(image).summary()).contains("answered 401");
    assertThat(elsewhere.seen()).hasSize(1).noneMatch(RegistryStandIn.Seen::authorized);
  }

  @Test
  void nothingIsSaidInPlainHttpToAnotherMachine() throws Exception {
    lookups.client =
        new OkHttpClient.Builder().dns(host -> List.of(InetAddress.getLoopbackAddress())).build();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Integer> firstByte =
          CompletableFuture.supplyAsync(() -> refusePlainly(server));
      String host = "registry.example.com:" + server.getLocalPort();

      assertThat(lookups.problem(host + "/gateway:v1.2.0").summary())
          .isEqualTo(
              "the registry could not be asked: https://"
                  + host
                  + ": TLS failed: the server does not speak TLS");
      assertThat(firstByte.get()).as("the first byte of a TLS handshake").isEqualTo(22);
    }
  }

  /** Answers one connection as a server without TLS does, and tells the first byte it got. */
  private static int refusePlainly(ServerSocket server) {
    try (Socket socket = server.accept()) {
      int first = socket.getInputStream().read();
      byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(answer);
      return first;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void dockerHubIsAskedAtItsOwnAddressWithItsOwnLogIn() throws InterruptedException {
    registry.hold(IMAGE, "library/gateway", "v1.2.0").demandPassword();
    lookups.client = hubClient();
    lookups.logIn("https://index.docker.io/v1/", RegistryStandIn.USER, RegistryStandIn.PASSWORD);

    assertThat(lookups.found("gateway:v1.2.0").facts().reference())
        .isEqualTo("docker.io/library/gateway:v1.2.0");
  }

  @Test
  void whatDockerHubDeniesMayBePrivateOrAbsent() {
    registry.demandPassword();
    lookups.client = hubClient();

    assertThat(lookups.problem("docker.io/acme/gateway:v1.2.0").summary())
        .startsWith("docker.io/acme/gateway does not exist, or it is private and ");
  }

  /** A client for which registry-1.docker.io is the stand-in. */
  private OkHttpClient hubClient() {
    HttpUrl standIn = HttpUrl.get("http://" + registry.address());
    return new OkHttpClient.Builder()
        .addInterceptor(
            chain -> {
              HttpUrl url = chain.request().url();
              assertThat(url.scheme() + "://" + url.host())
                  .isEqualTo("https://registry-1.docker.io");
              HttpUrl there =
                  url.newBuilder().scheme("http").host(standIn.host()).port(standIn.port()).build();
              return chain
                  .proceed(chain.request().newBuilder().url(there).build())
                  .newBuilder()
                  .request(chain.request())
                  .build();
            })
        .build();
  }
}
