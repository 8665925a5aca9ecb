package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.backup.SnapshotBackups.Source;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The source and those of its line: what restores made of its snapshots, and what they replaced.
 */
final class RdsServers {

  private static final long GIBIBYTE = 1L << 30;

  private final RdsSource source;

  RdsServers(RdsSource source) {
    this.source = source;
  }

  Source live() {
    return source
        .state(source.identifier())
        .map(this::server)
        .orElseThrow(() -> RdsSnapshots.noSuchSource(source));
  }

  Optional<Source> copy(RunId run) {
    return source
        .state(RdsNames.copy(source.identifier(), run, Purpose.TAKE_OVER))
        .filter(state -> RdsTags.own(state.tags(), run, Purpose.TAKE_OVER))
        .filter(state -> !state.beingDeleted())
        .map(this::server);
  }

  void noteReplaced(@Nullable RunId run) {
    RdsSource.State live =
        source.state(source.identifier()).orElseThrow(() -> RdsSnapshots.noSuchSource(source));
    String value = run == null ? "" : run.value();
    if (!live.tags().getOrDefault(RdsTags.REPLACED_BY, "").equals(value)) {
      source.tag(live.arn(), Map.of(RdsTags.REPLACED_BY, value));
    }
  }

  List<Source> ofRestores() {
    return source.states().stream()
        .filter(state -> RdsNames.sameLine(state.identifier(), source.identifier()))
        .filter(state -> !state.beingDeleted())
        .map(this::server)
        .filter(server -> server.madeBy() != null || server.replacedBy() != null)
        .sorted(Comparator.comparing(RdsServers::since).thenComparing(Source::name))
        .toList();
  }

  private static String since(Source server) {
    String made = server.madeBy();
    return made == null ? "" : made;
  }

  void remove(Source server) {
    Optional<RdsSource.State> found = source.state(server.name());
    if (found.isEmpty() || found.get().beingDeleted()) {
      return;
    }
    RdsSource.State state = found.get();
    Source now = server(state);
    String run = now.replacedBy() == null ? now.madeBy() : now.replacedBy();
    if (run == null) {
      throw new DeployException.StepFailed(
          "the "
              + now.display()
              + " was neither made nor replaced by a restore, so it is left alone",
          "remove it in the RDS console if it is not needed");
    }
    if (state.deletionProtection()) {
      throw new DeployException.StepFailed(
          "the " + now.display() + " is protected from being deleted, so it is left alone",
          "take its deletion protection off in the RDS console, then run 'restore --drop-old' again");
    }
    source.remove(server.name(), false, server.name() + "-last-" + run);
  }

  private Source server(RdsSource.State state) {
    String made = RdsTags.tookOver(state.tags()) ? state.tags().get(RdsTags.RUN) : null;
    String replaced = state.tags().getOrDefault(RdsTags.REPLACED_BY, "");
    return new Source(
        state.identifier(),
        source.display(state.identifier()),
        state.addresses(),
        state.gibibytes() * GIBIBYTE,
        made,
        replaced.isEmpty() ? null : replaced);
  }
}
