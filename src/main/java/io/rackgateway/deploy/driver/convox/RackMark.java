package io.rackgateway.deploy.driver.convox;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The mark of a run, as the object {@code rack-gateway-deploy/mark.json} of the app. Racks have no
 * call that keeps an object only where none is: two runs that begin within the same moment are kept
 * apart by the journal's lock alone. A Rack Gateway lets no objects be read: there is no mark then.
 */
final class RackMark {

  private static final String[] KEY = {"rack-gateway-deploy", "mark.json"};

  private final Rack rack;
  private final ObjectMapper json = new ObjectMapper();

  RackMark(Rack rack) {
    this.rack = rack;
  }

  Optional<Mark> find() {
    if (rack.throughGateway()) {
      return Optional.empty();
    }
    Optional<byte[]> kept = rack.object(KEY);
    if (kept.isEmpty() || kept.get().length == 0) {
      return Optional.empty();
    }
    try {
      JsonNode node = json.readTree(kept.get());
      return Optional.of(
          new Mark(
              new RunId(node.path("run").asText()),
              node.path("owner").asText(),
              Instant.parse(node.path("startedAt").asText()),
              node.path("plan").asText()));
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw unreadable(e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  void place(Mark mark) {
    if (rack.throughGateway()) {
      return;
    }
    refuse(mark);
    rack.keep(
        json.createObjectNode()
            .put("run", mark.run().value())
            .put("owner", mark.owner())
            .put("startedAt", mark.startedAt().toString())
            .put("plan", mark.plan())
            .toString()
            .getBytes(StandardCharsets.UTF_8),
        KEY);
    // Whoever wrote last is read by both.
    refuse(mark);
  }

  private void refuse(Mark mark) {
    Optional<Mark> other = find().filter(there -> !there.run().equals(mark.run()));
    if (other.isPresent()) {
      throw new DeployException.Locked(
          Problem.of(
              "run "
                  + other.get().run()
                  + " of "
                  + other.get().owner()
                  + " is at work on the app on "
                  + rack.display(),
              "wait for it to end; if it was killed, finish or undo it with 'resume "
                  + other.get().run()
                  + "'"));
    }
  }

  void clear(RunId run) {
    if (find().filter(mark -> mark.run().equals(run)).isPresent()) {
      rack.remove(KEY);
    }
  }

  private DeployException unreadable(Exception e) {
    return new DeployException.Usage(
        "the mark "
            + String.join("/", KEY)
            + " of a run on "
            + rack.display()
            + " cannot be read: "
            + e.getMessage(),
        "find out whether a run is at work; if none is, delete the object");
  }
}
