package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DatabaseFacts.AuditHead;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.FactsReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares a restored copy with what its source held at the snapshot; where the backup does not
 * know that, as far as it can with the source of now.
 */
final class Comparison {

  private static final int MOST_DETAILS = 50;

  private final LiveDatabase live;
  private final Interruptible interruptible;

  Comparison(LiveDatabase live, Interruptible interruptible) {
    this.live = live;
    this.interruptible = interruptible;
  }

  /**
   * Compares.
   *
   * @return what was found the same, as half a sentence
   * @throws DeployException.StepFailed if the copy is not whole
   */
  String of(Backup backup, Copy copy) {
    DatabaseFacts found =
        interruptible.on(copy.url(), connection -> new FactsReader(connection).read());
    DatabaseFacts expected = copy.facts();
    List<String> differences = expected == null ? unlikeNow(found) : expected.differences(found);
    if (!differences.isEmpty()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the backup "
                  + backup.id()
                  + " does not restore to what it was taken of: "
                  + differences.get(0)
                  + (differences.size() > 1 ? " (and " + (differences.size() - 1) + " more)" : ""),
              "do not rely on it; look at the details, mend their cause, and take another backup",
              differences.subList(0, Math.min(MOST_DETAILS, differences.size()))));
    }
    return summary(found)
        + (expected == null
            ? ", with the tables of the database of now, and an audit chain that is part of its"
            : ", as at the snapshot");
  }

  private static String summary(DatabaseFacts found) {
    AuditHead head = found.auditHead();
    return found.tables().size()
        + " tables, "
        + String.format(Locale.ROOT, "%,d", found.rows()).replace(',', ' ')
        + " rows"
        + (head == null ? "" : ", audit chain ends at " + head.position());
  }

  private List<String> unlikeNow(DatabaseFacts found) {
    List<String> differences = new ArrayList<>();
    try {
      List<String> copied = found.tables().stream().map(DatabaseFacts.Rows::table).toList();
      for (String table : live.tables()) {
        if (!copied.contains(table)) {
          differences.add("table " + table + " is missing");
        }
      }
      AuditHead head = found.auditHead();
      String hash = head == null ? null : head.hash();
      if (hash != null && !live.holdsAuditHash(hash)) {
        differences.add("its audit chain ends at " + head + ", which the database does not hold");
      }
    } catch (SQLException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the database cannot be asked what the copy should hold: " + e.getMessage(),
              "check database.adminUrl, then run the same command again"),
          e);
    }
    return differences;
  }
}
