package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The file of {@code --events}: one line of JSON for each event, written through while it happens.
 */
final class EventFile implements Consumer<EventRecord>, AutoCloseable {

  private final BufferedWriter writer;
  private final EventJson json;

  private EventFile(BufferedWriter writer, EventJson json) {
    this.writer = writer;
    this.json = json;
  }

  static EventFile open(Path file, EventJson json) {
    try {
      return new EventFile(Files.newBufferedWriter(file), json);
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the event file " + file + " cannot be written: " + IoFailure.describe(e),
          "name a file that can be written");
    }
  }

  @Override
  public void accept(EventRecord event) {
    try {
      writer.write(json.write(event));
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      // A full disk or a reader that went away must not fail the upgrade; the journal has it all.
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      // As above.
    }
  }
}
