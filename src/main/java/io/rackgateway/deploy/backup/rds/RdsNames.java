package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.model.RunId;
import java.util.Locale;

/**
 * Identifiers derived from the run, so that a repeated call finds what the first one made. RDS
 * allows letters, digits and single hyphens, a letter first and no hyphen last: up to 255
 * characters for snapshots, 63 for instances and clusters (Amazon RDS API Reference, {@code
 * CreateDBSnapshot} and {@code RestoreDBInstanceFromDBSnapshot}).
 */
final class RdsNames {

  private static final String SNAPSHOT_PREFIX = "rack-gateway-pre-upgrade-";

  /** Leaves room for the number of an instance in a cluster. */
  private static final int LONGEST = 60;

  /** The shortest that a name is cut to. */
  private static final int CUT = LONGEST - "-restored-20260115-031500-7f3a9c".length() - 1;

  private RdsNames() {}

  /** {@code rack-gateway-pre-upgrade-20260115-031500-7f3a9c}. */
  static String snapshot(RunId run) {
    return SNAPSHOT_PREFIX + run.value();
  }

  /** What all servers of one line have in common: the name of the first of them. */
  private static String line(String name) {
    return name.toLowerCase(Locale.ROOT).replaceFirst("-restored-\\d{8}-.*$", "");
  }

  /** Whether one may have been restored from the other's snapshot; long names are cut short. */
  static boolean sameLine(String one, String other) {
    String shorter = line(one).length() < line(other).length() ? line(one) : line(other);
    String longer = shorter.equals(line(one)) ? line(other) : line(one);
    return longer.equals(shorter) || (longer.startsWith(shorter) && shorter.length() >= CUT);
  }

  /** {@code gateway-restored-20260115-031500-7f3a9c}; a long name of the source is cut short. */
  static String copy(String source, RunId run, Purpose purpose) {
    String suffix = (purpose == Purpose.PROOF ? "-proof-" : "-restored-") + run.value();
    String begin = line(source);
    String cut = begin.substring(0, Math.min(begin.length(), LONGEST - suffix.length()));
    return cut.replaceFirst("-+$", "") + suffix;
  }
}
