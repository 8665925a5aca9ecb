package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.model.DeployException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DbClusterAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbClusterNotFoundException;
import software.amazon.awssdk.services.rds.model.DbClusterSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbClusterSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.InvalidDbClusterStateException;

/**
 * An Aurora cluster, whose instances are made one by one, or a Multi-AZ DB cluster, which brings
 * its own.
 */
final class ClusterSource implements RdsSource {

  private final RdsApi api;
  private final String identifier;
  private final ClusterMembers members;
  private final ClusterSettings settings = new ClusterSettings();

  ClusterSource(RdsApi api, String identifier) {
    this.api = api;
    this.identifier = identifier;
    this.members = new ClusterMembers(api);
  }

  @Override
  public String display() {
    return display(identifier);
  }

  @Override
  public String display(String name) {
    return "DB cluster " + name;
  }

  @Override
  public String identifier() {
    return identifier;
  }

  @Override
  public Optional<State> state(String name) {
    return find(name).map(ClusterSource::state);
  }

  @Override
  public List<State> states() {
    return api.call(
        "rds:DescribeDBClusters",
        rds ->
            rds.describeDBClustersPaginator().dbClusters().stream()
                .map(ClusterSource::state)
                .toList());
  }

  @Override
  public void create(String snapshot, Map<String, String> tags) {
    api.call(
        "rds:CreateDBClusterSnapshot",
        rds -> {
          try {
            rds.createDBClusterSnapshot(
                request ->
                    request
                        .dbClusterIdentifier(identifier)
                        .dbClusterSnapshotIdentifier(snapshot)
                        .tags(RdsTags.list(tags)));
            return true;
          } catch (DbClusterSnapshotAlreadyExistsException e) {
            return false;
          }
        });
  }

  @Override
  public Optional<RdsSnapshot> snapshot(String idOrArn) {
    return api.call(
        "rds:DescribeDBClusterSnapshots",
        rds -> {
          try {
            return rds
                .describeDBClusterSnapshots(request -> request.dbClusterSnapshotIdentifier(idOrArn))
                .dbClusterSnapshots()
                .stream()
                .findFirst()
                .map(ClusterSource::snapshot);
          } catch (DbClusterSnapshotNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public List<RdsSnapshot> snapshots() {
    return api.call(
        "rds:DescribeDBClusterSnapshots",
        rds ->
            rds
                .describeDBClusterSnapshotsPaginator(request -> request.snapshotType("manual"))
                .dbClusterSnapshots()
                .stream()
                .map(ClusterSource::snapshot)
                .toList());
  }

  @Override
  public void removeSnapshot(String id) {
    api.call(
        "rds:DeleteDBClusterSnapshot",
        rds -> {
          try {
            rds.deleteDBClusterSnapshot(request -> request.dbClusterSnapshotIdentifier(id));
            return true;
          } catch (DbClusterSnapshotNotFoundException e) {
            return false;
          }
        });
  }

  @Override
  public void tag(String arn, Map<String, String> tags) {
    api.call(
        "rds:AddTagsToResource",
        rds ->
            rds.addTagsToResource(request -> request.resourceName(arn).tags(RdsTags.list(tags))));
  }

  @Override
  public void restore(
      RdsSnapshot snapshot, String name, Purpose purpose, Map<String, String> tags) {
    DBCluster source = source();
    api.call(
        "rds:RestoreDBClusterFromSnapshot",
        rds -> {
          try {
            rds.restoreDBClusterFromSnapshot(
                settings.restore(source, snapshot, name, purpose, tags));
            return true;
          } catch (DbClusterAlreadyExistsException e) {
            return false;
          }
        });
  }

  @Override
  public Optional<State> complete(String name, Purpose purpose, Map<String, String> tags) {
    Optional<DBCluster> copy = find(name);
    if (copy.isEmpty() || !state(copy.get()).available()) {
      return copy.map(ClusterSource::state).filter(State::stuck);
    }
    if (!ClusterSettings.aurora(copy.get())) {
      return copy.map(ClusterSource::state);
    }
    List<DBInstance> models = members.of(source());
    if (models.isEmpty()) {
      throw new DeployException.StepFailed(
          display() + " has no instance whose class its copy could be given",
          "add an instance to the cluster, or restore the snapshot by hand");
    }
    List<State> made =
        members.make(purpose == Purpose.PROOF ? models.subList(0, 1) : models, name, purpose, tags);
    Optional<State> stuck = made.stream().filter(State::stuck).findFirst();
    return stuck.isPresent() || !made.stream().allMatch(State::available)
        ? stuck
        : copy.map(ClusterSource::state);
  }

  @Override
  public boolean settled(String name) {
    Optional<DBCluster> copy = find(name).filter(cluster -> state(cluster).available());
    if (copy.isEmpty()) {
      return false;
    }
    String window = source().preferredMaintenanceWindow();
    if (window == null || window.equals(copy.get().preferredMaintenanceWindow())) {
      return true;
    }
    api.call(
        "rds:ModifyDBCluster",
        rds ->
            rds.modifyDBCluster(
                request ->
                    request
                        .dbClusterIdentifier(name)
                        .preferredMaintenanceWindow(window)
                        .applyImmediately(true)));
    return false;
  }

  @Override
  public void remove(String name, boolean unprotect, @Nullable String lastSnapshot) {
    Optional<DBCluster> copy = find(name);
    if (copy.isEmpty()) {
      return;
    }
    if (unprotect) {
      api.call(
          "rds:ModifyDBCluster",
          rds ->
              rds.modifyDBCluster(
                  request ->
                      request
                          .dbClusterIdentifier(name)
                          .deletionProtection(false)
                          .applyImmediately(true)));
    }
    if (ClusterSettings.aurora(copy.get())) {
      copy.get().dbClusterMembers().stream()
          .map(DBClusterMember::dbInstanceIdentifier)
          .forEach(members::remove);
    }
    api.call(
        "rds:DeleteDBCluster",
        rds -> {
          try {
            rds.deleteDBCluster(
                request ->
                    request
                        .dbClusterIdentifier(name)
                        .skipFinalSnapshot(lastSnapshot == null)
                        .finalDBSnapshotIdentifier(lastSnapshot)
                        .deleteAutomatedBackups(lastSnapshot == null));
            return true;
          } catch (DbClusterNotFoundException e) {
            return false;
          } catch (InvalidDbClusterStateException e) {
            if (state(name).map(State::beingDeleted).orElse(true)) {
              return false;
            }
            throw e;
          }
        });
  }

  private DBCluster source() {
    return find(identifier)
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    display() + " is gone, so its settings cannot be given to a copy",
                    "restore the snapshot in the AWS console or with 'aws rds"
                        + " restore-db-cluster-from-snapshot', and set it up by hand"));
  }

  private Optional<DBCluster> find(String name) {
    return api.call(
        "rds:DescribeDBClusters",
        rds -> {
          try {
            return rds
                .describeDBClusters(request -> request.dbClusterIdentifier(name))
                .dbClusters()
                .stream()
                .findFirst();
          } catch (DbClusterNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  private static State state(DBCluster cluster) {
    List<String> hosts = new ArrayList<>();
    add(hosts, cluster.endpoint());
    add(hosts, cluster.readerEndpoint());
    cluster.customEndpoints().forEach(host -> add(hosts, host));
    return new State(
        cluster.dbClusterIdentifier(),
        String.valueOf(cluster.status()),
        String.valueOf(cluster.engine()),
        String.valueOf(cluster.engineVersion()),
        InstanceSource.orZero(cluster.allocatedStorage()),
        InstanceSource.orZero(cluster.backupRetentionPeriod()),
        Boolean.TRUE.equals(cluster.deletionProtection()),
        cluster.endpoint(),
        InstanceSource.orZero(cluster.port()),
        hosts,
        RdsTags.map(cluster.tagList()),
        String.valueOf(cluster.dbClusterArn()));
  }

  private static void add(List<String> hosts, @Nullable String host) {
    if (host != null) {
      hosts.add(host);
    }
  }

  private static RdsSnapshot snapshot(DBClusterSnapshot snapshot) {
    return new RdsSnapshot(
        snapshot.dbClusterSnapshotIdentifier(),
        snapshot.dbClusterSnapshotArn(),
        String.valueOf(snapshot.status()),
        InstanceSource.orZero(snapshot.percentProgress()),
        InstanceSource.orZero(snapshot.allocatedStorage()),
        snapshot.snapshotCreateTime(),
        RdsTags.map(snapshot.tagList()));
  }
}
