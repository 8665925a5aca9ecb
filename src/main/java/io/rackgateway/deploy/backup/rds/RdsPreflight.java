package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.postgres.PostgresUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a snapshot could be taken, found out without taking one. That the caller may create one
 * cannot be asked of AWS without doing it; that it may look is found out by looking.
 */
final class RdsPreflight {

  private static final String NAME = "backup";
  private static final Set<String> ENGINES = Set.of("postgres", "aurora-postgresql");

  private final RdsSource source;
  private final @Nullable PostgresUrl url;
  private final RdsSnapshots.Replacement replacement;

  RdsPreflight(RdsSource source, @Nullable PostgresUrl url, RdsSnapshots.Replacement replacement) {
    this.source = source;
    this.url = url;
    this.replacement = replacement;
  }

  Gate gate() {
    try {
      Optional<RdsSource.State> state = source.state(source.identifier());
      DeployException.StepFailed missing = RdsSnapshots.noSuchSource(source);
      if (state.isEmpty()) {
        return Gate.block(NAME, missing.problem().summary(), missing.problem().next());
      }
      Optional<RdsSnapshot> unused = source.snapshot("rack-gateway-preflight");
      return judge(state.get());
    } catch (DeployException.StepFailed e) {
      return Gate.block(NAME, e.problem().summary(), e.problem().next());
    }
  }

  /** A snapshot of the wrong server would be worse than none. */
  private Gate replaced(PostgresUrl.Server live) {
    String name =
        source.states().stream()
            .filter(state -> state.addresses().contains(live))
            .map(RdsSource.State::identifier)
            .findFirst()
            .orElse("the one at " + live.host());
    return Gate.block(
        NAME,
        source.display()
            + " is no longer the gateway's database: a restore put "
            + name
            + " in its place",
        "give backup.rds the name "
            + name
            + ", and DATABASE_URL and ADMIN_DATABASE_URL the host "
            + live.host()
            + " where this tool gets them");
  }

  private Gate judge(RdsSource.State state) {
    Optional<PostgresUrl.Server> live = replacement.of(state.addresses());
    if (live.isPresent()) {
      return replaced(live.get());
    }
    if (!ENGINES.contains(state.engine())) {
      return Gate.block(
          NAME,
          source.display() + " runs " + state.engine() + ", not PostgreSQL",
          "name the instance or cluster of the gateway's database in backup.rds");
    }
    if (state.stuck()) {
      return Gate.block(
          NAME,
          source.display() + " is not available but " + state.status(),
          "bring it to the state 'available' in the RDS console");
    }
    String found =
        source.display()
            + ": "
            + state.engine()
            + " "
            + state.engineVersion()
            + (state.gibibytes() > 1 ? ", " + state.gibibytes() + " GiB" : "")
            + ", automated backups "
            + (state.retentionDays() > 0 ? "of " + state.retentionDays() + " days" : "off");
    List<String> doubts = new ArrayList<>();
    List<String> nexts = new ArrayList<>();
    if (url != null && !state.hosts().isEmpty() && !Restoration.uses(url, state.hosts())) {
      doubts.add("the database's URL does not lead to it but to " + url.servers().get(0));
      nexts.add(
          "make sure that backup.rds names the gateway's database (a proxy or an alias in front of"
              + " it is fine)");
    }
    if (!state.available()) {
      doubts.add("it is " + state.status() + " now, so the snapshot has to wait");
      nexts.add("wait until it is available");
    }
    return doubts.isEmpty()
        ? Gate.pass(NAME, found)
        : Gate.warn(NAME, found + "; " + String.join("; ", doubts), String.join("; ", nexts));
  }
}
