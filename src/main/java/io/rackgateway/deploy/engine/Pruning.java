package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.Backup;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Removes the backups of a gateway that are not kept. Its caller holds the gateway's lock. */
final class Pruning {

  private final Ports ports;
  private final Journal journal;
  private final String gateway;

  Pruning(Ports ports, Journal journal, String gateway) {
    this.ports = ports;
    this.journal = journal;
    this.gateway = gateway;
  }

  /**
   * Removes what is not kept, oldest first.
   *
   * @return what was removed
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if one cannot be removed; those
   *     before it are gone
   */
  List<Backup> prune(Retention retention, Instant now) {
    BackupProvider provider = ports.backup();
    Map<String, Backup> recorded =
        journal.backups(gateway).stream()
            .collect(Collectors.toMap(Backup::id, Function.identity()));
    List<Backup> there =
        provider.list(gateway).stream()
            .map(
                backup ->
                    Optional.ofNullable(recorded.get(backup.id()))
                        .map(known -> backup.proven(known.proof()))
                        .orElse(backup))
            .toList();
    List<Backup> expendable = retention.expendable(there, needed(there), now);
    for (Backup backup : expendable) {
      provider.remove(backup);
      journal.forgetBackup(backup.id());
      ports
          .events()
          .emit(new Event.Notice("removed backup " + backup.id() + " of " + backup.createdAt()));
    }
    return expendable;
  }

  /** Also what a run took whose journal is not at hand: its mark on the platform tells of it. */
  private Set<String> needed(List<Backup> there) {
    Set<String> needed = new HashSet<>(journal.neededBackups(gateway));
    Optional<Mark> mark = ports.driver().findMark();
    there.stream()
        .filter(
            backup -> mark.map(found -> backup.id().endsWith(found.run().value())).orElse(false))
        .map(Backup::id)
        .forEach(needed::add);
    journal
        .unfinished(gateway)
        .flatMap(run -> Optional.ofNullable(run.plan()))
        .flatMap(plan -> Optional.ofNullable(plan.restores()))
        .ifPresent(needed::add);
    return needed;
  }
}
