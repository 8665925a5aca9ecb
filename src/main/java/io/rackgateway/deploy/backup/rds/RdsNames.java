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

  private RdsNames() {}

  /** {@code rack-gateway-pre-upgrade-20260115-031500-7f3a9c}. */
  static String snapshot(RunId run) {
    return SNAPSHOT_PREFIX + run.value();
  }

  /** {@code gateway-restored-20260115-031500-7f3a9c}; a long name of the source is cut short. */
  static String copy(String source, RunId run, Purpose purpose) {
    String suffix = (purpose == Purpose.PROOF ? "-proof-" : "-restored-") + run.value();
    String begin = source.toLowerCase(Locale.ROOT).replaceFirst("-restored-\\d{8}-.*$", "");
    String cut = begin.substring(0, Math.min(begin.length(), LONGEST - suffix.length()));
    return cut.replaceFirst("-+$", "") + suffix;
  }
}
