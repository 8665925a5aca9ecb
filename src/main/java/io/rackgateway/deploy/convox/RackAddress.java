package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.DeployException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where a rack is and how to log in to it.
 *
 * @param base the address that paths of the API are put after
 * @param authorization the header's value: a secret
 * @param throughGateway whether a Rack Gateway stands before the rack
 * @param name what the rack is called on this machine; empty where it has no name
 */
public record RackAddress(HttpUrl base, String authorization, boolean throughGateway, String name) {

  /** Where a Rack Gateway serves the API of its rack. */
  private static final List<String> PROXY = List.of("api", "v1", "rack-proxy");

  /**
   * Reads {@code https://convox:token@host} as in {@code RACK_URL}, or a Rack Gateway's address
   * when there is a token for it.
   *
   * @param key what the address is called in the configuration
   * @throws DeployException.Usage if it is neither; the message holds no secret
   */
  public static RackAddress of(String key, Secret rack, @Nullable Secret gatewayToken) {
    HttpUrl url = HttpUrl.parse(rack.value().strip());
    if (url == null) {
      throw new DeployException.Usage(
          key + " is not an address; expected https://convox:token@host, or a Rack Gateway's",
          "set it to ${RACK_URL}");
    }
    HttpUrl.Builder base = url.newBuilder().username("").password("").query(null).fragment(null);
    if (gatewayToken != null) {
      PROXY.forEach(base::addPathSegment);
      return new RackAddress(base.build(), "Bearer " + gatewayToken.value(), true, "");
    }
    if (url.password().isEmpty()) {
      throw new DeployException.Usage(
          key + " holds no token, and there is no gatewayToken beside it",
          "give the rack as https://convox:token@host, or a Rack Gateway with gatewayToken");
    }
    return new RackAddress(
        base.build(),
        Credentials.basic(url.username(), url.password(), StandardCharsets.UTF_8),
        false,
        "");
  }

  /** The same rack, called so. */
  public RackAddress named(String rackName) {
    return new RackAddress(base, authorization, throughGateway, rackName);
  }

  /** For people: {@code the rack at rack.example.com}. */
  public String display() {
    return throughGateway
        ? "the rack behind the gateway " + base.host()
        : "the rack "
            + (name.isEmpty() || name.equals(base.host()) ? "" : name + " ")
            + "at "
            + base.host();
  }

  /** Never shows the credentials. */
  @Override
  public String toString() {
    return display();
  }
}
