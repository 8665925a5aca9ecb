package io.rackgateway.deploy.restore.snapshot;

import io.rackgateway.deploy.backup.SnapshotBackups.Source;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the gateway's variables lead to the server that backups are taken of, and can be given
 * another: only then may a copy of that server take its place.
 */
final class AddressGate {

  private final DatabaseAddress address;
  private final List<PostgresUrl.Server> configured;

  /**
   * @param configured the servers that the configuration says are the live database's
   */
  AddressGate(DatabaseAddress address, List<PostgresUrl.Server> configured) {
    this.address = address;
    this.configured = List.copyOf(configured);
  }

  /** What blocks; empty when nothing does. */
  Optional<Gate> block(DatabaseAddress.Kept kept, Source source) {
    Problem obstacle = kept.obstacle();
    if (obstacle != null) {
      return Optional.of(Gate.block(SnapshotRestorer.GATE, obstacle.summary(), obstacle.next()));
    }
    Optional<PostgresUrl.Server> replacement = address.replacementOf(source.addresses());
    if (replacement.isPresent()) {
      return Optional.of(
          Gate.block(
              SnapshotRestorer.GATE,
              source.display()
                  + " is no longer the gateway's database: a restore put the one at "
                  + replacement.get().host()
                  + " in its place",
              "name that one in backup.rds, and give DATABASE_URL and ADMIN_DATABASE_URL its host"
                  + " where this tool gets them"));
    }
    Set<String> known = texts(Stream.concat(source.addresses().stream(), configured.stream()));
    return kept.places().stream()
        .filter(place -> !known.containsAll(texts(place.servers().stream())))
        .findFirst()
        .map(
            place ->
                Gate.block(
                    SnapshotRestorer.GATE,
                    place.name()
                        + " in "
                        + place.where()
                        + " leads to "
                        + String.join(", ", texts(place.servers().stream()))
                        + ", which is neither "
                        + source.display()
                        + " ("
                        + String.join(", ", texts(source.addresses().stream()))
                        + ") nor what database.url leads to",
                    "give both the address of " + source.display()));
  }

  private static Set<String> texts(Stream<PostgresUrl.Server> servers) {
    return servers
        .map(server -> server.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }
}
