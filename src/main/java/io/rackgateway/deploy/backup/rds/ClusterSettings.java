package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import java.util.Map;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterOptionGroupStatus;
import software.amazon.awssdk.services.rds.model.RestoreDbClusterFromSnapshotRequest;
import software.amazon.awssdk.services.rds.model.ServerlessV2ScalingConfiguration;

/**
 * Gives a restored cluster what its source has. Class, provisioned storage, monitoring and public
 * access are settings of the cluster only where it is a Multi-AZ DB cluster; Aurora's belong to its
 * instances.
 */
final class ClusterSettings {

  static boolean aurora(DBCluster cluster) {
    return cluster.engine().startsWith("aurora");
  }

  RestoreDbClusterFromSnapshotRequest restore(
      DBCluster source,
      RdsSnapshot snapshot,
      String name,
      Purpose purpose,
      Map<String, String> tags) {
    boolean proof = purpose == Purpose.PROOF;
    RestoreDbClusterFromSnapshotRequest.Builder request =
        RestoreDbClusterFromSnapshotRequest.builder()
            .dbClusterIdentifier(name)
            .snapshotIdentifier(snapshot.id())
            .engine(source.engine())
            .engineVersion(source.engineVersion())
            .dbSubnetGroupName(source.dbSubnetGroup())
            .vpcSecurityGroupIds(InstanceSettings.securityGroups(source.vpcSecurityGroups()))
            .dbClusterParameterGroupName(source.dbClusterParameterGroup())
            .optionGroupName(
                source.dbClusterOptionGroupMemberships().stream()
                    .map(DBClusterOptionGroupStatus::dbClusterOptionGroupName)
                    .findFirst()
                    .orElse(null))
            .port(source.port())
            .enableIAMDatabaseAuthentication(source.iamDatabaseAuthenticationEnabled())
            .networkType(source.networkType())
            .storageType(source.storageType())
            .deletionProtection(!proof && Boolean.TRUE.equals(source.deletionProtection()))
            .copyTagsToSnapshot(!proof && Boolean.TRUE.equals(source.copyTagsToSnapshot()))
            .backupRetentionPeriod(proof ? Integer.valueOf(1) : source.backupRetentionPeriod())
            .tags(RdsTags.over(source.tagList(), tags));
    if (!proof) {
      request
          .preferredBackupWindow(source.preferredBackupWindow())
          .engineLifecycleSupport(source.engineLifecycleSupport())
          .enableCloudwatchLogsExports(
              source.hasEnabledCloudwatchLogsExports()
                  ? source.enabledCloudwatchLogsExports()
                  : null);
    }
    return (aurora(source) ? aurora(request, source) : multiAz(request, source, proof)).build();
  }

  private static RestoreDbClusterFromSnapshotRequest.Builder aurora(
      RestoreDbClusterFromSnapshotRequest.Builder request, DBCluster source) {
    if (source.serverlessV2ScalingConfiguration() != null) {
      request.serverlessV2ScalingConfiguration(
          ServerlessV2ScalingConfiguration.builder()
              .minCapacity(source.serverlessV2ScalingConfiguration().minCapacity())
              .maxCapacity(source.serverlessV2ScalingConfiguration().maxCapacity())
              .secondsUntilAutoPause(
                  source.serverlessV2ScalingConfiguration().secondsUntilAutoPause())
              .build());
    }
    return request;
  }

  /** The smallest Multi-AZ DB cluster is one of the source's own class. */
  private static RestoreDbClusterFromSnapshotRequest.Builder multiAz(
      RestoreDbClusterFromSnapshotRequest.Builder request, DBCluster source, boolean proof) {
    request
        .dbClusterInstanceClass(source.dbClusterInstanceClass())
        .iops(source.iops())
        .publiclyAccessible(source.publiclyAccessible());
    return proof
        ? request
        : request
            .monitoringInterval(source.monitoringInterval())
            .monitoringRoleArn(source.monitoringRoleArn())
            .enablePerformanceInsights(source.performanceInsightsEnabled())
            .performanceInsightsKMSKeyId(source.performanceInsightsKMSKeyId())
            .performanceInsightsRetentionPeriod(source.performanceInsightsRetentionPeriod());
  }
}
