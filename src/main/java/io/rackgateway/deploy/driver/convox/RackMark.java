package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackObjects;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.MarkText;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The mark of a run, as the object {@code rack-gateway-deploy/mark.json} of the app. Racks have no
 * call that keeps an object only where none is: two runs that begin within the same moment are kept
 * apart by the journal's lock alone. A Rack Gateway lets no objects be read: there is no mark then.
 */
final class RackMark {

  private static final String[] KEY = {"rack-gateway-deploy", "mark.json"};

  private final Rack rack;
  private final RackObjects objects;

  RackMark(Rack rack) {
    this.rack = rack;
    this.objects = rack.objects();
  }

  Optional<Mark> find() {
    if (rack.throughGateway()) {
      return Optional.empty();
    }
    Optional<byte[]> kept = objects.find(KEY);
    if (kept.isEmpty() || kept.get().length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(MarkText.parse(new String(kept.get(), StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw unreadable(e);
    }
  }

  void place(Mark mark) {
    if (rack.throughGateway()) {
      return;
    }
    refuse(mark);
    objects.keep(MarkText.of(mark).getBytes(StandardCharsets.UTF_8), KEY);
    // Whoever wrote last is read by both.
    refuse(mark);
  }

  private void refuse(Mark mark) {
    Optional<Mark> other = find().filter(there -> !there.run().equals(mark.run()));
    if (other.isPresent()) {
      throw other.get().atWorkOn("the app on " + rack.display(), "the object " + name());
    }
  }

  private static String name() {
    return String.join("/", KEY);
  }

  void clear(RunId run) {
    if (find().filter(mark -> mark.run().equals(run)).isPresent()) {
      objects.remove(KEY);
    }
  }

  private DeployException unreadable(Exception e) {
    return new DeployException.Usage(
        "the mark "
            + name()
            + " of a run on "
            + rack.display()
            + " cannot be read: "
            + e.getMessage(),
        "find out whether a run is at work; if none is, delete the object");
  }
}
