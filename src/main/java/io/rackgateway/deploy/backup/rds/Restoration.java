package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Copy;
import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns snapshots into servers beside the source, and removes such servers again. */
final class Restoration {

  private static final Duration SETTLING = Duration.ofMinutes(20);
  private static final Duration ANSWERING = Duration.ofMinutes(5);

  private final RdsSource source;
  private final RdsTags tags;
  private final Waits waits;
  private final Events events;
  private final Answering answering;
  private final Duration limit;
  private final Duration poll;

  Restoration(
      RdsSource source,
      RdsTags tags,
      Waits waits,
      Events events,
      Answering answering,
      Duration limit,
      Duration poll) {
    this.source = source;
    this.tags = tags;
    this.waits = waits;
    this.events = events;
    this.answering = answering;
    this.limit = limit;
    this.poll = poll;
  }

  Copy restore(RdsSnapshot snapshot, RunId run, Purpose purpose, PostgresUrl login) {
    String name = RdsNames.copy(source.identifier(), run, purpose);
    Map<String, String> own = tags.ofCopy(snapshot.id(), run, purpose, waits.clock().instant());
    Optional<RdsSource.State> earlier = source.state(name);
    if (earlier.isEmpty()) {
      source.restore(snapshot, name, purpose, own);
    } else if (!RdsTags.own(earlier.get().tags(), run, purpose)) {
      throw new DeployException.StepFailed(
          "there is a server " + name + " that this run did not make",
          "see who made it, and rename or remove it");
    }
    RdsSource.State copy = await(name, purpose, own);
    if (purpose == Purpose.TAKE_OVER) {
      settle(name);
    }
    return answering(copy, login);
  }

  private RdsSource.State await(String name, Purpose purpose, Map<String, String> own) {
    String[] status = {"begun"};
    RdsSource.State copy =
        waits
            .until(
                () -> name + " to be restored (" + status[0] + ")",
                limit,
                poll,
                new Waits.Wakeup(),
                () ->
                    RdsApi.patiently(
                        () -> {
                          source.state(name).ifPresent(state -> status[0] = state.status());
                          return source.complete(name, purpose, own);
                        }))
            .orElseThrow(
                () ->
                    new DeployException.StepFailed(
                        name
                            + " is not restored after "
                            + RdsSnapshots.text(limit)
                            + " ("
                            + status[0]
                            + "); it is left as it is",
                        "see its events in the RDS console, or give it longer in"
                            + " backup.rds.timeout"));
    if (copy.stuck()) {
      throw new DeployException.StepFailed(
          "restoring " + name + " ended as '" + copy.status() + "'; it is left for you to look at",
          "see its events in the RDS console; remove it, then run the same command again");
    }
    return copy;
  }

  private void settle(String name) {
    boolean settled =
        waits.untilTrue(
            name + " to have all settings of " + source.display(),
            SETTLING.compareTo(limit) < 0 ? SETTLING : limit,
            poll,
            new Waits.Wakeup(),
            () ->
                RdsApi.patiently(() -> source.settled(name) ? Optional.of(true) : Optional.empty())
                    .orElse(false));
    if (!settled) {
      events.emit(
          new Event.Notice(
              name
                  + " does not have all settings of "
                  + source.display()
                  + " yet: compare monitoring, Performance Insights, storage limit and maintenance"
                  + " window"));
    }
  }

  private Copy answering(RdsSource.State copy, PostgresUrl login) {
    String host = copy.host();
    if (host == null) {
      throw new DeployException.StepFailed(
          copy.identifier() + " is available but has no address",
          "see it in the RDS console, then run the same command again");
    }
    PostgresUrl.Server server = new PostgresUrl.Server(host, copy.port());
    PostgresUrl url =
        new PostgresUrl(
            List.of(server), login.user(), login.password(), login.database(), login.options());
    String[] obstacle = {""};
    Optional<Boolean> answers =
        waits.until(
            copy.identifier() + " to answer at " + server,
            ANSWERING.compareTo(limit) < 0 ? ANSWERING : limit,
            poll,
            new Waits.Wakeup(),
            () -> {
              Optional<String> found = answering.obstacle(url);
              found.ifPresent(why -> obstacle[0] = why);
              return found.isPresent() ? Optional.empty() : Optional.of(true);
            });
    if (answers.isEmpty()) {
      throw new DeployException.StepFailed(
          copy.identifier() + " is restored but does not let this machine in: " + obstacle[0],
          "check the route from here to its subnets and that its security groups admit this"
              + " machine, as the source's do");
    }
    return new Copy(copy.identifier(), url, server.toString());
  }

  /**
   * @param live the database that the gateway uses, null when none is configured
   */
  void discard(Copy copy, @Nullable PostgresUrl live) {
    Optional<RdsSource.State> found = source.state(copy.name());
    if (found.isEmpty() || found.get().beingDeleted()) {
      return;
    }
    RdsSource.State state = found.get();
    if (!RdsTags.own(state.tags()) || copy.name().equalsIgnoreCase(source.identifier())) {
      throw leftAlone(copy, "was not made by this tool for a restore");
    }
    if (live != null && uses(live, state.hosts())) {
      throw leftAlone(copy, "is what database.url leads to");
    }
    boolean proof = RdsTags.forProof(state.tags());
    if (state.deletionProtection() && !proof) {
      throw leftAlone(copy, "is protected from being deleted, as its source was");
    }
    source.remove(copy.name(), state.deletionProtection() && proof, null);
  }

  private static DeployException.StepFailed leftAlone(Copy copy, String why) {
    return new DeployException.StepFailed(
        "the server " + copy.name() + " " + why + ", so it is left alone",
        "remove it in the RDS console if it is not needed");
  }

  static boolean uses(PostgresUrl url, List<String> hosts) {
    List<String> known = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    return url.servers().stream()
        .anyMatch(server -> known.contains(server.host().toLowerCase(Locale.ROOT)));
  }
}
