package io.rackgateway.deploy.registry;

import java.nio.charset.StandardCharsets;
import okhttp3.Credentials;

/**
 * What proves to a registry who asks.
 *
 * @param secret a password, or an identity token
 * @param identityToken whether the secret is one: it is exchanged for access tokens (OAuth 2
 *     refresh), and is no password
 * @param source where it was found, for messages
 */
record RegistryCredential(String username, String secret, boolean identityToken, String source) {

  /** The value of an {@code Authorization} header by RFC 7617. */
  String basic() {
    return Credentials.basic(username, secret, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "the log-in of " + source;
  }
}
