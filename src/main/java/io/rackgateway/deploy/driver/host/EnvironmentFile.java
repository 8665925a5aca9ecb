package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code NAME=VALUE} lines, as systemd's {@code EnvironmentFile=} reads it: blank lines
 * and those that begin with {@code #} or {@code ;} do not count, and quotes around a value are
 * taken off.
 */
final class EnvironmentFile {

  private static final Pattern LINE =
      Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");

  private static final Pattern URL_PASSWORD = Pattern.compile("://[^:/@]*:([^@]+)@");

  /** Names of variables whose values nobody should see. */
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(SECRET|TOKEN|PASSWORD|PASSWD|KEY|CREDENTIAL|_URL|_DSN).*");

  private EnvironmentFile() {}

  /** Makes the values that look like secrets known, where the file can be read. */
  static void hideSecrets(Path file, Secrets secrets) {
    if (!Files.isReadable(file)) {
      return;
    }
    read(file)
        .forEach(
            (name, value) -> {
              if (SECRET.matcher(name).matches()) {
                secrets.add(value);
                password(value).ifPresent(secrets::add);
              }
            });
  }

  /** The password in a URL of the form {@code scheme://user:password@host}. */
  private static Optional<String> password(String value) {
    Matcher matcher = URL_PASSWORD.matcher(value);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The names of the variables that have a value in the file. */
  static Set<String> names(Path file) {
    Set<String> names = new TreeSet<>();
    read(file)
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                names.add(name);
              }
            });
    return names;
  }

  /**
   * Reads the file.
   *
   * @throws DeployException.Usage if it cannot be read, or a line has another form
   */
  static Map<String, String> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the environment file " + file + " cannot be read: " + IoFailure.describe(e),
          "correct deploy.host.environmentFile, or give this user the right to read it");
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        // The line itself is not shown: it may hold a secret.
        throw new DeployException.Usage(
            file + " line " + (i + 1) + " is not of the form NAME=VALUE",
            "write one variable a line, or begin the line with #");
      }
      variables.put(matcher.group(1), unquote(matcher.group(2)));
    }
    return variables;
  }

  private static String unquote(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
