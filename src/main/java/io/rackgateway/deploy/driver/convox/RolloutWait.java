package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackApp;
import io.rackgateway.deploy.convox.RackProcess;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Waits until a rollout is over. That an app is running again says nothing by itself: the rack says
 * so, too, when it has gone back. Questions go to the app and its processes by turns, until every
 * new process runs and only the rack's word is missing.
 */
final class RolloutWait {

  /** What a rack tells may be a little behind. */
  private static final Duration BEHIND = Duration.ofSeconds(10);

  private final Rack rack;
  private final Processes processes;
  private final Waits waits;
  private final Events events;

  RolloutWait(Rack rack, Processes processes, Waits waits, Events events) {
    this.rack = rack;
    this.processes = processes;
    this.waits = waits;
    this.events = events;
  }

  /**
   * Waits until the release is the active one and every copy runs it.
   *
   * @param count how many copies there have to be, at least
   * @throws DeployException.StepFailed if the rack goes back by itself, a copy cannot run, or the
   *     limit passes
   */
  void await(String release, int count, Duration limit) {
    Look look = new Look(release, count);
    Pace pace = new Pace();
    boolean done;
    try (RolloutLog log = new RolloutLog(rack, events)) {
      done =
          waits
              .until(
                  () -> "release " + release + " to be rolled out",
                  limit,
                  () -> pace.next(look.near),
                  log.wakeup(),
                  () -> look.done() ? Optional.of(true) : Optional.empty())
              .isPresent();
    }
    if (!done) {
      throw new DeployException.StepFailed(
          new Problem(
              "release "
                  + release
                  + " was not rolled out within "
                  + limit.toSeconds()
                  + " s: "
                  + look.last,
              "look at the log below, or give it longer with deploy.convox.rolloutTimeout",
              processes.tail(null)));
    }
  }

  private final class Look {
    private final String release;
    private final int count;
    private final long began = System.nanoTime();
    private boolean seen;
    private boolean near;
    private boolean appNext;
    private String last = "the rack has not begun";

    Look(String release, int count) {
      this.release = release;
      this.count = count;
    }

    boolean done() {
      appNext = near || !appNext;
      boolean all = !appNext && allRun();
      if (!appNext && !all) {
        return false;
      }
      RackApp app = rack.app();
      boolean ours = app.release().equals(release);
      seen |= ours;
      last = "the app is " + app.status() + ", its active release is " + app.release();
      if (app.rollingBack()) {
        throw back(app);
      }
      if (!app.settled()) {
        return false;
      }
      if (!ours) {
        if (seen || Waits.since(began).compareTo(BEHIND) > 0) {
          throw back(app);
        }
        return false;
      }
      return all || allRun();
    }

    private boolean allRun() {
      List<RackProcess> copies = processes.copies();
      throwIfTroubled(copies);
      long well = copies.stream().filter(p -> p.release().equals(release) && p.running()).count();
      last = well + " of " + Math.max(count, copies.size()) + " processes run it";
      near = well >= count;
      return near && well == copies.size();
    }

    private void throwIfTroubled(List<RackProcess> copies) {
      Optional<Problem> trouble = processes.trouble(copies, release);
      if (trouble.isPresent()) {
        throw new DeployException.StepFailed(trouble.get());
      }
    }

    private DeployException back(RackApp app) {
      return new DeployException.StepFailed(
          new Problem(
              "the rack went back by itself: the app is "
                  + app.status()
                  + ", and its active release is "
                  + (app.release().equals(release) ? "still " : "")
                  + app.release(),
              "the new processes did not become healthy in time; find the reason in the log below",
              processes.tail(null)));
    }
  }
}
