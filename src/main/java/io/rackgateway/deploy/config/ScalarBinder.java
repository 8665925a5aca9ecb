package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns one scalar of the file into a value of its type. */
final class ScalarBinder {

  private final References references;
  private final Masking masking;
  private final Path folder;
  private final Findings findings;

  ScalarBinder(References references, Masking masking, Path folder, Findings findings) {
    this.references = references;
    this.masking = masking;
    this.folder = folder;
    this.findings = findings;
  }

  /** The value, or null with a finding that says why there is none. */
  @Nullable Object bind(ScalarType type, Yaml yaml, String path) {
    if (!(yaml instanceof Yaml.Scalar scalar)) {
      findings.add(
          yaml.place(),
          path + " is " + yaml.describe() + "; expected " + type.expected(),
          "write a single value: '" + last(path) + ": VALUE'");
      return null;
    }
    if (scalar.kind() == Kind.NOTHING) {
      findings.add(
          scalar.place(),
          path + " has no value; expected " + type.expected(),
          "give it a value, or remove the key if it may be left out");
      return null;
    }
    boolean referring = scalar.kind() == Kind.TEXT && References.in(scalar.text());
    if (type.secret() && !referring && !References.brokenIn(scalar.text())) {
      literalSecret(scalar, path);
      return null;
    }
    if (!referring && scalar.kind() != type.kind()) {
      misfit(scalar, type.expected(), path, false, otherKind(scalar, type, path));
      return null;
    }
    if (!isRegex(type) && References.holdsPassword(scalar.text())) {
      masking.add(scalar.text());
      findings.add(
          scalar.place(),
          path + " holds a password; secrets do not belong in a file that is checked in",
          "put the password into an environment variable and write ${NAME} in its place");
      return null;
    }
    return references
        .expand(scalar, path)
        .map(expanded -> parse(type, scalar, expanded, path))
        .orElse(null);
  }

  private @Nullable Object parse(
      ScalarType type, Yaml.Scalar scalar, References.Expanded expanded, String path) {
    boolean referring = !expanded.values().isEmpty();
    if (type.masked() && referring) {
      expanded.values().forEach(masking::add);
      masking.add(expanded.text());
    }
    if (expanded.text().isEmpty()) {
      findings.add(
          scalar.place(),
          referring
              ? path + " is empty, because the environment variable in it is: " + scalar.text()
              : path + " is empty; expected " + type.expected(),
          "give it a value, or remove the key if it may be left out");
      return null;
    }
    try {
      return type.parse(expanded.text(), folder);
    } catch (Misfit e) {
      misfit(scalar, e.expected(), path, referring, correction(scalar, path, referring));
      return null;
    }
  }

  private void misfit(
      Yaml.Scalar scalar, String expected, String path, boolean referring, String next) {
    findings.add(
        scalar.place(),
        path
            + " is "
            + scalar.describe()
            + (referring ? " and what the environment puts there does not fit" : "")
            + "; expected "
            + expected,
        next);
  }

  /** What to do about a value that YAML takes for something else than was meant. */
  private String otherKind(Yaml.Scalar scalar, ScalarType type, String path) {
    if (type instanceof DurationType && scalar.kind() == Kind.INTEGER) {
      return "add the unit, as in " + scalar.text() + "s";
    }
    if (type instanceof TextType) {
      return "put it in quotes: '" + scalar.text() + "'";
    }
    try {
      return "write it without quotes: " + type.parse(scalar.text(), folder);
    } catch (Misfit e) {
      return correction(scalar, path, false);
    }
  }

  private static String correction(Yaml.Scalar scalar, String path, boolean referring) {
    if (referring) {
      return "correct the environment variable";
    }
    return scalar.place().line() == 0
        ? "correct the option"
        : "correct it there, or override it with --set " + path + "=VALUE";
  }

  private static boolean isRegex(ScalarType type) {
    return type instanceof TextType text && text.key().form() == Key.Form.REGEX;
  }

  private void literalSecret(Yaml.Scalar scalar, String path) {
    masking.add(scalar.text());
    boolean option = scalar.place().line() == 0;
    findings.add(
        scalar.place(),
        path
            + " is a secret and is written out"
            + (option
                ? "; a command line can be seen by others"
                : "; secrets do not belong in a file that is checked in"),
        "put it into an environment variable and write " + last(path) + ": ${" + name(path) + "}");
  }

  /** The name that a variable for this key might have: {@code GATEWAY_API_TOKEN}. */
  private static String name(String path) {
    if (path.startsWith("migrate.environment.")) {
      return last(path);
    }
    return path.replaceAll("\\[\\d+\\]", "")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .replace('.', '_')
        .toUpperCase(Locale.ROOT);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
