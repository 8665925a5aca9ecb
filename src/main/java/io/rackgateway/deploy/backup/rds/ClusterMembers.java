package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.InvalidDbInstanceStateException;

/** The instances of an Aurora cluster. A restored cluster has none until they are made. */
final class ClusterMembers {

  private final RdsApi api;
  private final ProofClass proofClass;

  ClusterMembers(RdsApi api) {
    this.api = api;
    this.proofClass = new ProofClass(api);
  }

  /** The instances of a cluster, the writer first. */
  List<DBInstance> of(DBCluster cluster) {
    List<DBClusterMember> members = new ArrayList<>(cluster.dbClusterMembers());
    members.sort(
        Comparator.comparing(
            (DBClusterMember member) -> !Boolean.TRUE.equals(member.isClusterWriter())));
    return members.stream().flatMap(m -> find(m.dbInstanceIdentifier()).stream()).toList();
  }

  /** Makes those instances that a copy still lacks, one like each model, and tells how all are. */
  List<RdsSource.State> make(
      List<DBInstance> models, String cluster, Purpose purpose, Map<String, String> tags) {
    List<RdsSource.State> made = new ArrayList<>();
    int number = 1;
    for (DBInstance model : models) {
      String name = cluster + "-" + number++;
      Optional<DBInstance> found = find(name);
      if (found.isEmpty()) {
        create(request(model, cluster, name, purpose, tags));
        found = find(name);
      }
      found.map(InstanceSource::state).ifPresent(made::add);
    }
    return made.size() == models.size() ? made : List.of(unfinished(cluster));
  }

  private static RdsSource.State unfinished(String cluster) {
    return new RdsSource.State(
        cluster, "creating", "", "", 0, 0, false, null, 0, List.of(), Map.of(), "");
  }

  private void create(CreateDbInstanceRequest request) {
    api.call(
        "rds:CreateDBInstance",
        rds -> {
          try {
            rds.createDBInstance(request);
            return true;
          } catch (DbInstanceAlreadyExistsException e) {
            return false;
          }
        });
  }

  private CreateDbInstanceRequest request(
      DBInstance model, String cluster, String name, Purpose purpose, Map<String, String> tags) {
    CreateDbInstanceRequest.Builder request =
        CreateDbInstanceRequest.builder()
            .dbInstanceIdentifier(name)
            .dbClusterIdentifier(cluster)
            .engine(model.engine())
            .dbParameterGroupName(InstanceSettings.parameterGroup(model))
            .publiclyAccessible(model.publiclyAccessible())
            .caCertificateIdentifier(model.caCertificateIdentifier())
            .tags(RdsTags.over(model.tagList(), tags));
    if (purpose == Purpose.PROOF) {
      return request
          .dbInstanceClass(
              proofClass.of(model.engine(), model.engineVersion(), model.dbInstanceClass()))
          .autoMinorVersionUpgrade(false)
          .build();
    }
    request
        .dbInstanceClass(model.dbInstanceClass())
        .promotionTier(model.promotionTier())
        .autoMinorVersionUpgrade(model.autoMinorVersionUpgrade())
        .copyTagsToSnapshot(model.copyTagsToSnapshot())
        .preferredMaintenanceWindow(model.preferredMaintenanceWindow());
    if (model.monitoringRoleArn() != null) {
      request
          .monitoringInterval(model.monitoringInterval())
          .monitoringRoleArn(model.monitoringRoleArn());
    }
    if (Boolean.TRUE.equals(model.performanceInsightsEnabled())) {
      request
          .enablePerformanceInsights(true)
          .performanceInsightsKMSKeyId(model.performanceInsightsKMSKeyId())
          .performanceInsightsRetentionPeriod(model.performanceInsightsRetentionPeriod());
    }
    return request.build();
  }

  void remove(String name) {
    api.call(
        "rds:DeleteDBInstance",
        rds -> {
          try {
            rds.deleteDBInstance(
                request -> request.dbInstanceIdentifier(name).skipFinalSnapshot(true));
            return true;
          } catch (DbInstanceNotFoundException | InvalidDbInstanceStateException e) {
            // Gone, or on its way out: the cluster says so if it is not.
            return false;
          }
        });
  }

  private Optional<DBInstance> find(String name) {
    return api.call(
        "rds:DescribeDBInstances",
        rds -> {
          try {
            return rds
                .describeDBInstances(request -> request.dbInstanceIdentifier(name))
                .dbInstances()
                .stream()
                .findFirst();
          } catch (DbInstanceNotFoundException e) {
            return Optional.empty();
          }
        });
  }
}
