package io.rackgateway.deploy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces references to environment variables by their values. {@link #REFERENCE} says what one
 * looks like; with one more dollar before it, the text stands for itself, less that dollar. A
 * replaced value is not looked at again.
 */
final class References {

  static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

  /** Found in a text that holds a reference; of Java and ECMAScript alike. */
  static final String REFERENCE = "(^|[^$])\\$\\{" + NAME + "\\}";

  /** Found in a text that holds the beginning of a reference but no end or no name. */
  static final String BROKEN = "(^|[^$])\\$\\{(?!" + NAME + "\\})";

  private static final Pattern TOKEN =
      Pattern.compile("(?<escape>\\$\\$\\{)|\\$\\{(?<name>" + NAME + ")\\}");
  private static final Pattern FINDS_REFERENCE = Pattern.compile(REFERENCE);
  private static final Pattern FINDS_BROKEN = Pattern.compile(BROKEN);

  /** The password of a URL, where it is written and not a reference. */
  private static final Pattern WRITTEN_PASSWORD =
      Pattern.compile("://[^/@\\s]*:(?!\\$\\{)[^/@\\s]+@|(?i:[?&;]password=)(?!\\$\\{)[^&;\\s]");

  private final Map<String, String> environment;
  private final Findings findings;

  References(Map<String, String> environment, Findings findings) {
    this.environment = environment;
    this.findings = findings;
  }

  /** A text with its references replaced, and the values that replaced them. */
  record Expanded(String text, List<String> values) {}

  static boolean in(String text) {
    return FINDS_REFERENCE.matcher(text).find();
  }

  static boolean brokenIn(String text) {
    return FINDS_BROKEN.matcher(text).find();
  }

  static boolean holdsPassword(String text) {
    return WRITTEN_PASSWORD.matcher(text).find();
  }

  /** The text with its references replaced, or nothing, with a finding that says why. */
  Optional<Expanded> expand(Yaml.Scalar scalar, String path) {
    String text = scalar.text();
    if (brokenIn(text)) {
      findings.add(
          scalar.place(),
          path + " has a '${' that is not the beginning of a reference ${NAME}",
          "write the name of an environment variable and '}' after it, or '$${' for a plain '${'");
      return Optional.empty();
    }
    int before = findings.count();
    List<String> values = new ArrayList<>();
    StringBuilder expanded = new StringBuilder();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      String name = matcher.group("name");
      String value = name == null ? "${" : value(name, scalar.place(), path);
      if (name != null) {
        values.add(value);
      }
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
    }
    matcher.appendTail(expanded);
    return findings.count() > before
        ? Optional.empty()
        : Optional.of(new Expanded(expanded.toString(), List.copyOf(values)));
  }

  private String value(String name, Place place, String path) {
    String value = environment.get(name);
    if (value == null) {
      findings.add(
          place,
          path + " needs the environment variable " + name + ", which is not set",
          "set " + name + " in the environment that this is run in");
    }
    return value == null ? "" : value;
  }
}
