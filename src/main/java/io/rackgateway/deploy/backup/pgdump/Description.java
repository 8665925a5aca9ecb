package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of {@code backup.json}: a backup as one JSON object, the last field of which, {@code
 * check}, is the SHA-256 of the object without it. The file of checksums is not the place for this
 * file's: it changes when the backup is proven further, and both could not change at one instant.
 */
final class Description {

  static final String FILE = "backup.json";

  private static final Pattern FORM =
      Pattern.compile("(\\{.*),\"check\":\"([0-9a-f]{64})\"}\n", Pattern.DOTALL);

  private final EventJson json;

  Description(EventJson json) {
    this.json = json;
  }

  String write(Backup backup) {
    String object = json.write(backup);
    return object.substring(0, object.length() - 1)
        + ",\"check\":\""
        + Checksums.ofText(object)
        + "\"}\n";
  }

  /** What it describes; empty when it is not exactly as it was written. */
  Optional<Backup> read(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String object = form.group(1) + "}";
    if (!Checksums.ofText(object).equals(form.group(2))) {
      return Optional.empty();
    }
    try {
      return Optional.of(json.readBackup(object, FILE));
    } catch (DeployException.Usage e) {
      return Optional.empty();
    }
  }
}
