package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.OptionGroupMembership;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/**
 * Gives a restored instance what its source has. AWS would give it the defaults of the account
 * instead: another network, other security and parameter groups, no deletion protection. The
 * encryption key comes with the snapshot.
 */
final class InstanceSettings {

  private static final List<String> PROVISIONED = List.of("io1", "io2");

  private final ProofClass proofClass;

  InstanceSettings(RdsApi api) {
    this.proofClass = new ProofClass(api);
  }

  RestoreDbInstanceFromDbSnapshotRequest restore(
      DBInstance source,
      RdsSnapshot snapshot,
      String name,
      Purpose purpose,
      Map<String, String> tags) {
    RestoreDbInstanceFromDbSnapshotRequest.Builder request =
        RestoreDbInstanceFromDbSnapshotRequest.builder()
            .dbInstanceIdentifier(name)
            .dbSnapshotIdentifier(snapshot.id())
            .dbSubnetGroupName(
                source.dbSubnetGroup() == null ? null : source.dbSubnetGroup().dbSubnetGroupName())
            .vpcSecurityGroupIds(securityGroups(source.vpcSecurityGroups()))
            .dbParameterGroupName(parameterGroup(source))
            .optionGroupName(optionGroup(source))
            .port(source.endpoint() == null ? null : source.endpoint().port())
            .publiclyAccessible(source.publiclyAccessible())
            .enableIAMDatabaseAuthentication(source.iamDatabaseAuthenticationEnabled())
            .licenseModel(source.licenseModel())
            .networkType(source.networkType())
            .caCertificateIdentifier(source.caCertificateIdentifier())
            .tags(RdsTags.over(source.tagList(), tags));
    return (purpose == Purpose.PROOF ? small(request, source) : alike(request, source, snapshot))
        .build();
  }

  private RestoreDbInstanceFromDbSnapshotRequest.Builder alike(
      RestoreDbInstanceFromDbSnapshotRequest.Builder request,
      DBInstance source,
      RdsSnapshot snapshot) {
    Integer storage = source.allocatedStorage();
    return request
        .dbInstanceClass(source.dbInstanceClass())
        .multiAZ(source.multiAZ())
        .availabilityZone(Boolean.TRUE.equals(source.multiAZ()) ? null : source.availabilityZone())
        .allocatedStorage(storage != null && storage > snapshot.gibibytes() ? storage : null)
        .storageType(source.storageType())
        .iops(source.iops())
        .storageThroughput(source.storageThroughput())
        .dedicatedLogVolume(source.dedicatedLogVolume())
        .processorFeatures(source.hasProcessorFeatures() ? source.processorFeatures() : null)
        .autoMinorVersionUpgrade(source.autoMinorVersionUpgrade())
        .copyTagsToSnapshot(source.copyTagsToSnapshot())
        .deletionProtection(source.deletionProtection())
        .backupRetentionPeriod(source.backupRetentionPeriod())
        .preferredBackupWindow(source.preferredBackupWindow())
        .engineLifecycleSupport(source.engineLifecycleSupport())
        .customIamInstanceProfile(source.customIamInstanceProfile())
        .enableCloudwatchLogsExports(
            source.hasEnabledCloudwatchLogsExports()
                ? source.enabledCloudwatchLogsExports()
                : null);
  }

  private RestoreDbInstanceFromDbSnapshotRequest.Builder small(
      RestoreDbInstanceFromDbSnapshotRequest.Builder request, DBInstance source) {
    return request
        .dbInstanceClass(
            proofClass.of(source.engine(), source.engineVersion(), source.dbInstanceClass()))
        .multiAZ(false)
        .storageType(PROVISIONED.contains(source.storageType()) ? "gp3" : null)
        .autoMinorVersionUpgrade(false)
        .copyTagsToSnapshot(false)
        .deletionProtection(false)
        .backupRetentionPeriod(0);
  }

  /**
   * What a restore does not take: monitoring, Performance Insights, the limit of growing storage,
   * and the window of maintenance. Nothing is asked for that the copy has already.
   */
  Optional<ModifyDbInstanceRequest> remaining(DBInstance source, DBInstance copy) {
    ModifyDbInstanceRequest.Builder request = ModifyDbInstanceRequest.builder();
    boolean changed = false;
    if (differs(source.maxAllocatedStorage(), copy.maxAllocatedStorage())) {
      request.maxAllocatedStorage(source.maxAllocatedStorage());
      changed = true;
    }
    if (differs(source.preferredMaintenanceWindow(), copy.preferredMaintenanceWindow())) {
      request.preferredMaintenanceWindow(source.preferredMaintenanceWindow());
      changed = true;
    }
    if (source.monitoringRoleArn() != null
        && differs(source.monitoringInterval(), copy.monitoringInterval())) {
      request
          .monitoringInterval(source.monitoringInterval())
          .monitoringRoleArn(source.monitoringRoleArn());
      changed = true;
    }
    if (Boolean.TRUE.equals(source.performanceInsightsEnabled())
        && !Boolean.TRUE.equals(copy.performanceInsightsEnabled())) {
      request
          .enablePerformanceInsights(true)
          .databaseInsightsMode(source.databaseInsightsModeAsString())
          .performanceInsightsKMSKeyId(source.performanceInsightsKMSKeyId())
          .performanceInsightsRetentionPeriod(source.performanceInsightsRetentionPeriod());
      changed = true;
    }
    return changed
        ? Optional.of(
            request
                .dbInstanceIdentifier(copy.dbInstanceIdentifier())
                .applyImmediately(true)
                .build())
        : Optional.empty();
  }

  private static boolean differs(@Nullable Object source, @Nullable Object copy) {
    return source != null && !source.equals(copy);
  }

  static @Nullable List<String> securityGroups(List<VpcSecurityGroupMembership> groups) {
    List<String> ids =
        groups.stream()
            .map(VpcSecurityGroupMembership::vpcSecurityGroupId)
            .filter(Objects::nonNull)
            .toList();
    return ids.isEmpty() ? null : ids;
  }

  static @Nullable String parameterGroup(DBInstance source) {
    return first(
        source.dbParameterGroups().stream().map(DBParameterGroupStatus::dbParameterGroupName));
  }

  private static @Nullable String optionGroup(DBInstance source) {
    return first(
        source.optionGroupMemberships().stream().map(OptionGroupMembership::optionGroupName));
  }

  private static @Nullable String first(Stream<String> names) {
    return names.filter(Objects::nonNull).findFirst().orElse(null);
  }
}
