package io.rackgateway.deploy.config;

import io.rackgateway.deploy.event.Secrets;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Remembers what must not be shown: whole values, and the passwords of URLs among them. */
final class Masking {

  /** A user and a password before a host. Greedy and not, for a password may hold an @ itself. */
  private static final Pattern[] PASSWORDS = {
    Pattern.compile("://[^:/?#]*:(?<password>.+)@", Pattern.DOTALL),
    Pattern.compile("://[^:/?#]*:(?<password>[^@]+)@"),
    Pattern.compile("[?&;](?:password|sslpassword)=(?<password>[^&;]+)", Pattern.CASE_INSENSITIVE)
  };

  private final Secrets secrets;

  Masking(Secrets secrets) {
    this.secrets = secrets;
  }

  void add(String value) {
    secrets.add(value);
    for (Pattern pattern : PASSWORDS) {
      Matcher matcher = pattern.matcher(value);
      while (matcher.find()) {
        String password = matcher.group("password");
        secrets.add(password);
        secrets.add(decoded(password));
      }
    }
  }

  private static String decoded(String text) {
    try {
      // In the user part of a URL a plus is a plus, which URLDecoder would take for a blank.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
