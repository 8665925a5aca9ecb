package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * A process: a copy of a service, or a command that was started by itself.
 *
 * @param service the service it belongs to
 * @param release the id of the release it runs
 * @param status {@code pending}, {@code starting}, {@code running}, {@code unhealthy}, {@code
 *     crashed}, {@code failed}, {@code complete} …
 * @param command what it was told to run; empty for the image's own
 * @param started when, as the rack tells it
 */
public record RackProcess(
    String id, String service, String release, String status, String command, String started) {

  static RackProcess of(JsonNode found) {
    return new RackProcess(
        Fields.text(found, "id"),
        Fields.text(found, "name"),
        Fields.text(found, "release"),
        Fields.text(found, "status"),
        Fields.text(found, "command"),
        Fields.text(found, "started"));
  }

  /** What {@code convox run}, and this tool, start to have a process to run commands in. */
  private static final Pattern ONE_OFF = Pattern.compile("^'?sleep'? '?[0-9]+'?$");

  /** Whether it serves, as far as the rack can tell. */
  public boolean running() {
    return status.equals("running");
  }

  /** Whether it was started for a command, and is no copy of a service. */
  public boolean oneOff() {
    return ONE_OFF.matcher(command.strip()).matches();
  }

  /** Whether it ended, and will not start again. */
  public boolean ended() {
    return status.equals("complete") || status.equals("failed");
  }
}
