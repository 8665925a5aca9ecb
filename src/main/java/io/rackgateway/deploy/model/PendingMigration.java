package io.rackgateway.deploy.model;

import java.util.List;
import java.util.Locale;

/**
 * A migration that the target release holds and the database does not.
 *
 * @param version the 14 digits that begin the file's name
 * @param file its path in the release's source
 * @param findings what a lint of it found, in the order of the file
 */
public record PendingMigration(String version, String file, List<Finding> findings) {

  /** What a finding means for the upgrade. */
  public enum Kind {
    /** The version before cannot work with the schema afterwards. */
    BREAKS_OLD_VERSION,
    /** It may fail on the data that is there. */
    DEPENDS_ON_DATA,
    /** It keeps others from a table for a time that grows with the table. */
    LOCKS,
    /** The lint cannot tell. */
    UNCLEAR;

    /** The name in output and events. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * One statement that needs attention.
   *
   * @param line where it begins in the file, or the action of an ALTER TABLE, from 1
   * @param table the table or view it concerns as it can stand in SQL, with its schema where one is
   *     written, quoted where it has to be; empty where it concerns none
   * @param reason what it does and why that matters, one sentence
   */
  public record Finding(Kind kind, int line, String table, String reason) {}

  public PendingMigration {
    findings = List.copyOf(findings);
  }

  /** Whether a finding of the kind was made. */
  public boolean has(Kind kind) {
    return findings.stream().anyMatch(finding -> finding.kind() == kind);
  }
}
