package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.model.DeployException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.DbSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.InvalidDbInstanceStateException;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** A single DB instance, Multi-AZ or not. */
final class InstanceSource implements RdsSource {

  private final RdsApi api;
  private final String identifier;
  private final InstanceSettings settings;

  InstanceSource(RdsApi api, String identifier) {
    this.api = api;
    this.identifier = identifier;
    this.settings = new InstanceSettings(api);
  }

  @Override
  public String display() {
    return display(identifier);
  }

  @Override
  public String display(String name) {
    return "DB instance " + name;
  }

  @Override
  public String identifier() {
    return identifier;
  }

  @Override
  public Optional<State> state(String name) {
    return find(name).map(InstanceSource::state);
  }

  @Override
  public List<State> states() {
    return api.call(
        "rds:DescribeDBInstances",
        rds ->
            rds.describeDBInstancesPaginator().dbInstances().stream()
                .map(InstanceSource::state)
                .toList());
  }

  @Override
  public void create(String snapshot, Map<String, String> tags) {
    api.call(
        "rds:CreateDBSnapshot",
        rds -> {
          try {
            rds.createDBSnapshot(
                request ->
                    request
                        .dbInstanceIdentifier(identifier)
                        .dbSnapshotIdentifier(snapshot)
                        .tags(RdsTags.list(tags)));
            return true;
          } catch (DbSnapshotAlreadyExistsException e) {
            return false;
          }
        });
  }

  @Override
  public Optional<RdsSnapshot> snapshot(String idOrArn) {
    return api.call(
        "rds:DescribeDBSnapshots",
        rds -> {
          try {
            return rds
                .describeDBSnapshots(request -> request.dbSnapshotIdentifier(idOrArn))
                .dbSnapshots()
                .stream()
                .findFirst()
                .map(InstanceSource::snapshot);
          } catch (DbSnapshotNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public List<RdsSnapshot> snapshots() {
    return api.call(
        "rds:DescribeDBSnapshots",
        rds ->
            rds
                .describeDBSnapshotsPaginator(request -> request.snapshotType("manual"))
                .dbSnapshots()
                .stream()
                .map(InstanceSource::snapshot)
                .toList());
  }

  @Override
  public void removeSnapshot(String id) {
    api.call(
        "rds:DeleteDBSnapshot",
        rds -> {
          try {
            rds.deleteDBSnapshot(request -> request.dbSnapshotIdentifier(id));
            return true;
          } catch (DbSnapshotNotFoundException e) {
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
    DBInstance source = source();
    api.call(
        "rds:RestoreDBInstanceFromDBSnapshot",
        rds -> {
          try {
            rds.restoreDBInstanceFromDBSnapshot(
                settings.restore(source, snapshot, name, purpose, tags));
            return true;
          } catch (DbInstanceAlreadyExistsException e) {
            return false;
          }
        });
  }

  @Override
  public Optional<State> complete(String name, Purpose purpose, Map<String, String> tags) {
    return find(name)
        .map(InstanceSource::state)
        .filter(state -> state.available() || state.stuck());
  }

  @Override
  public boolean settled(String name) {
    Optional<DBInstance> copy = find(name).filter(instance -> state(instance).available());
    if (copy.isEmpty()) {
      return false;
    }
    Optional<ModifyDbInstanceRequest> request = settings.remaining(source(), copy.get());
    request.ifPresent(
        modify -> api.call("rds:ModifyDBInstance", rds -> rds.modifyDBInstance(modify)));
    return request.isEmpty();
  }

  @Override
  public void remove(String name, boolean unprotect, @Nullable String lastSnapshot) {
    if (unprotect) {
      api.call(
          "rds:ModifyDBInstance",
          rds ->
              rds.modifyDBInstance(
                  request ->
                      request
                          .dbInstanceIdentifier(name)
                          .deletionProtection(false)
                          .applyImmediately(true)));
    }
    api.call(
        "rds:DeleteDBInstance",
        rds -> {
          try {
            rds.deleteDBInstance(
                request ->
                    request
                        .dbInstanceIdentifier(name)
                        .skipFinalSnapshot(lastSnapshot == null)
                        .finalDBSnapshotIdentifier(lastSnapshot)
                        .deleteAutomatedBackups(lastSnapshot == null));
            return true;
          } catch (DbInstanceNotFoundException e) {
            return false;
          } catch (InvalidDbInstanceStateException e) {
            if (state(name).map(State::beingDeleted).orElse(true)) {
              return false;
            }
            throw e;
          }
        });
  }

  private DBInstance source() {
    return find(identifier)
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    display() + " is gone, so its settings cannot be given to a copy",
                    "restore the snapshot in the AWS console or with 'aws rds"
                        + " restore-db-instance-from-db-snapshot', and set it up by hand"));
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

  static State state(DBInstance instance) {
    List<String> hosts = new ArrayList<>();
    String host = instance.endpoint() == null ? null : instance.endpoint().address();
    if (host != null) {
      hosts.add(host);
    }
    return new State(
        instance.dbInstanceIdentifier(),
        String.valueOf(instance.dbInstanceStatus()),
        String.valueOf(instance.engine()),
        String.valueOf(instance.engineVersion()),
        orZero(instance.allocatedStorage()),
        orZero(instance.backupRetentionPeriod()),
        Boolean.TRUE.equals(instance.deletionProtection()),
        host,
        instance.endpoint() == null ? 0 : orZero(instance.endpoint().port()),
        hosts,
        RdsTags.map(instance.tagList()),
        String.valueOf(instance.dbInstanceArn()));
  }

  private static RdsSnapshot snapshot(DBSnapshot snapshot) {
    return new RdsSnapshot(
        snapshot.dbSnapshotIdentifier(),
        snapshot.dbSnapshotArn(),
        String.valueOf(snapshot.status()),
        orZero(snapshot.percentProgress()),
        orZero(snapshot.allocatedStorage()),
        snapshot.snapshotCreateTime(),
        RdsTags.map(snapshot.tagList()));
  }

  static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }
}
