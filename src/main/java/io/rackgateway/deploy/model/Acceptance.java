package io.rackgateway.deploy.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A decision of a person about a gate that would block, written {@code GATE=VALUE}.
 *
 * @param value what was decided, as the gate asks for it: {@code v2.0.0}
 */
public record Acceptance(String gate, String value) {

  private static final Pattern FORM = Pattern.compile("([a-z]+(?:-[a-z]+)*)=(.+)");

  /** Reads {@code GATE=VALUE}; empty for any other text. */
  public static Optional<Acceptance> tryParse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new Acceptance(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return gate + "=" + value;
  }
}
