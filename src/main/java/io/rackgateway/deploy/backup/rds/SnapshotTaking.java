package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Takes the snapshot of a run, or goes on with the one that an earlier attempt began. */
final class SnapshotTaking {

  private final RdsSource source;
  private final RdsTags tags;
  private final Waits waits;
  private final Duration limit;
  private final Duration poll;

  SnapshotTaking(RdsSource source, RdsTags tags, Waits waits, Duration limit, Duration poll) {
    this.source = source;
    this.tags = tags;
    this.waits = waits;
    this.limit = limit;
    this.poll = poll;
  }

  /** The snapshot once it is available. */
  RdsSnapshot take(Request request) {
    String id = RdsNames.snapshot(request.run());
    Optional<RdsSnapshot> earlier = source.snapshot(id);
    if (earlier.isPresent() && earlier.get().own() && earlier.get().failed()) {
      source.removeSnapshot(id);
      awaitGone(id);
      earlier = Optional.empty();
    }
    if (earlier.isEmpty()) {
      awaitSource();
      Map<String, String> own = tags.ofSnapshot(request, waits.clock().instant());
      source.create(id, own);
    }
    return await(id, request);
  }

  /** A source that is being backed up, modified or restarted becomes available by itself. */
  private void awaitSource() {
    RdsSource.State last =
        source.state(source.identifier()).orElseThrow(() -> RdsSnapshots.noSuchSource(source));
    if (last.available()) {
      return;
    }
    Progress status = new Progress(last.status());
    boolean available =
        waits.untilTrue(
            source.display() + " to be available (it is " + last.status() + ")",
            limit,
            poll,
            new Waits.Wakeup(),
            () -> {
              Optional<RdsSource.State> now =
                  RdsApi.patiently(() -> source.state(source.identifier()));
              now.ifPresent(state -> status.text = state.status());
              if (now.map(RdsSource.State::stuck).orElse(false)) {
                throw notAvailable(status.text);
              }
              return now.map(RdsSource.State::available).orElse(false);
            });
    if (!available) {
      throw notAvailable(status.text);
    }
  }

  private RdsSnapshot await(String id, Request request) {
    Progress progress = new Progress("begun");
    RdsSnapshot snapshot =
        waits
            .until(
                () -> "snapshot " + id + " (" + progress.text + ")",
                limit,
                poll,
                new Waits.Wakeup(),
                () -> look(id, request, progress))
            .orElseThrow(() -> stuck(id, progress.text));
    if (snapshot.failed()) {
      discard(id);
      throw new DeployException.StepFailed(
          "the snapshot " + id + " of " + source.display() + " failed (" + snapshot.status() + ")",
          "see the events of "
              + source.display()
              + " in the RDS console, then run the same"
              + " command again");
    }
    return snapshot;
  }

  private Optional<RdsSnapshot> look(String id, Request request, Progress progress) {
    Optional<RdsSnapshot> found = RdsApi.patiently(() -> source.snapshot(id));
    if (found.isPresent()
        && !(found.get().own()
            && request.run().value().equals(found.get().tags().get(RdsTags.RUN)))) {
      throw new DeployException.StepFailed(
          "there is a snapshot " + id + " that this run did not take",
          "see who took it, and rename or remove it");
    }
    found.ifPresent(
        snapshot -> progress.text = snapshot.status() + ", " + snapshot.percent() + " %");
    return found.filter(snapshot -> snapshot.available() || snapshot.failed());
  }

  private DeployException.StepFailed notAvailable(String status) {
    return new DeployException.StepFailed(
        source.display() + " is not available but " + status + ", so no snapshot can be taken",
        "bring it to the state 'available' in the RDS console, then run the same command again");
  }

  private DeployException.StepFailed stuck(String id, String progress) {
    boolean removed = discard(id);
    return new DeployException.StepFailed(
        "the snapshot "
            + id
            + " is not done after "
            + RdsSnapshots.text(limit)
            + " ("
            + progress
            + ")"
            + (removed ? "; it was removed" : "; AWS does not let it be removed meanwhile"),
        removed
            ? "see the events of " + source.display() + ", or give it longer in backup.rds.timeout"
            : "remove it once it is done, or give it longer in backup.rds.timeout: a repeated"
                + " run of the same id goes on with it");
  }

  private boolean discard(String id) {
    try {
      source.removeSnapshot(id);
      return true;
    } catch (DeployException.StepFailed e) {
      return false;
    }
  }

  private void awaitGone(String id) {
    boolean unused =
        waits.untilTrue(
            "the failed snapshot " + id + " to be gone",
            limit,
            poll,
            new Waits.Wakeup(),
            () -> source.snapshot(id).isEmpty());
  }

  /** How far it is, from one look to the next. */
  private static final class Progress {
    private String text;

    private Progress(String text) {
      this.text = text;
    }
  }
}
