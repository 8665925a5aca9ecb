package io.rackgateway.deploy.backup.rds;

import java.util.Map;
import java.util.Optional;

/**
 * What the RDS API refuses for reasons of its own, by error code.
 *
 * @param summary the beginning of a sentence that the API's own words end
 */
record RdsRefusal(String summary, String next) {

  private static final String INSTANCES =
      "remove instances that are no longer needed ('backups' lists leftovers of this tool), or ask"
          + " AWS for a higher quota";
  private static final String SETTINGS =
      "the source may have been changed meanwhile: check its settings, then run the same command"
          + " again";

  private static final Map<String, RdsRefusal> BY_CODE =
      Map.ofEntries(
          refusal(
              "SnapshotQuotaExceeded",
              "the account has as many manual snapshots as it may have",
              "remove some with 'backup --prune' or by hand, or ask AWS for a higher quota"),
          refusal(
              "InstanceQuotaExceeded",
              "the account has as many DB instances as it may have",
              INSTANCES),
          refusal(
              "DBClusterQuotaExceededFault",
              "the account has as many DB clusters as it may have",
              INSTANCES),
          refusal(
              "StorageQuotaExceeded", "the account has as much storage as it may have", INSTANCES),
          refusal(
              "InsufficientDBInstanceCapacity",
              "AWS has no room for an instance of this class now",
              "run the same command again later"),
          refusal("DBSubnetGroupNotFoundFault", "the source's subnet group is gone", SETTINGS),
          refusal("DBParameterGroupNotFound", "the source's parameter group is gone", SETTINGS),
          refusal(
              "DBClusterParameterGroupNotFound",
              "the source's cluster parameter group is gone",
              SETTINGS),
          refusal("OptionGroupNotFoundFault", "the source's option group is gone", SETTINGS),
          refusal("InvalidSubnet", "a subnet of the source's subnet group is gone", SETTINGS),
          refusal(
              "InvalidVPCNetworkStateFault", "the source's subnet group is incomplete", SETTINGS),
          refusal(
              "KMSKeyNotAccessibleFault",
              "the key that the snapshot is encrypted with cannot be used",
              "allow the caller kms:DescribeKey and kms:CreateGrant on that key, and see that it is"
                  + " enabled"),
          refusal(
              "DBSnapshotNotFound", "the snapshot is gone", "see 'backups' for those there are"),
          refusal(
              "DBClusterSnapshotNotFoundFault",
              "the snapshot is gone",
              "see 'backups' for those there are"),
          refusal(
              "InvalidDBInstanceState",
              "the DB instance is in a state that does not allow it",
              "wait until it is available, then run the same command again"),
          refusal(
              "InvalidDBClusterStateFault",
              "the DB cluster is in a state that does not allow it",
              "wait until it is available, then run the same command again"));

  static Optional<RdsRefusal> of(String code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  private static Map.Entry<String, RdsRefusal> refusal(String code, String summary, String next) {
    return Map.entry(code, new RdsRefusal(summary, next));
  }
}
