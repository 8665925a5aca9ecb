package io.rackgateway.deploy.event;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is a secret by the look of it: for values that this process meets on a platform and that no
 * configuration names.
 */
public final class Sensitive {

  /** In names of variables, settings and headers. */
  static final String NAMES =
      "(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PRIVATE|CREDENTIAL|KEY|DSN|SALT|COOKIE|WEBHOOK"
          + "|AUTHORIZATION)";

  private static final Pattern NAME =
      Pattern.compile(".*" + NAMES + ".*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** A user and a password before a host. Greedy and not, for a password may hold an @ itself. */
  private static final List<Pattern> PASSWORDS =
      List.of(
          Pattern.compile("://[^:/?#\\s]*:(?<secret>\\S+)@"),
          Pattern.compile("://[^:/?#\\s]*:(?<secret>[^@\\s]+)@"),
          Pattern.compile("(?i)\\b(?:ssl)?password\\s*=\\s*'(?<secret>[^']+)'"),
          Pattern.compile("(?i)\\b(?:ssl)?password\\s*=\\s*(?<secret>[^'&;\\s]+)"));

  private Sensitive() {}

  /** Whether what goes by this name should not be seen, such as {@code APP_SECRET_KEY}. */
  public static boolean name(String name) {
    return NAME.matcher(name).matches();
  }

  /** The parts of a variable's value that nobody should see; the whole of it, a password, none. */
  public static List<String> parts(String name, String value) {
    List<String> parts = new ArrayList<>();
    if (name(name)) {
      parts.add(value);
    }
    for (Pattern pattern : PASSWORDS) {
      Matcher matcher = pattern.matcher(value);
      while (matcher.find()) {
        parts.add(matcher.group("secret"));
        parts.add(decoded(matcher.group("secret")));
      }
    }
    return parts;
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
