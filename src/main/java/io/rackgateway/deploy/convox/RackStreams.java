package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.model.DeployException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** What a rack tells over WebSockets: logs, and the output of commands. */
final class RackStreams {

  private final RackClient client;

  RackStreams(RackClient client) {
    this.client = client;
  }

  /**
   * Runs a command, to its end or the limit.
   *
   * @return the exit code; empty when the rack did not tell one
   * @throws DeployException.StepFailed if the command was not begun
   */
  OptionalInt exec(String command, Duration limit, Consumer<String> lines, String... path) {
    ExecStream stream = new ExecStream(lines);
    Map<String, String> options =
        Map.of("Command", command, "Tty", "false", "Disable-Stdin", "true");
    try (RackSocket socket = open(stream, options, path)) {
      RackSocket.End end = socket.await(limit);
      RuntimeException refusal = end == null ? null : end.refusal();
      if (refusal != null) {
        throw refusal;
      }
      if (stream.wantsSession()) {
        throw new DeployException.StepFailed(
            client.address().display()
                + " answers commands by an ECS Exec session, which is not supported",
            "switch ECS Exec off on the rack (v2), or use a rack of version 3");
      }
      return end == null ? OptionalInt.empty() : stream.end();
    }
  }

  RackLog log(Consumer<String> lines, Map<String, String> options, String... path) {
    ExecStream stream = new ExecStream(lines);
    return new RackLog(open(stream, options, path), stream);
  }

  private RackSocket open(ExecStream stream, Map<String, String> options, String... path) {
    RackSocket reader =
        new RackSocket(
            bytes -> stream.bytes(ByteBuffer.wrap(bytes.toByteArray())), client.failures());
    return reader.on(client.open(options, reader, path));
  }
}
