package io.rackgateway.deploy.backup.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.backup.SnapshotBackups.Copy;
import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.testing.RdsStandIn;
import io.rackgateway.deploy.testing.RdsStandIn.Thing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a restored server has of its source. The stand-in gives defaults for all else, as AWS. */
@Timeout(60)
class RdsRestoreTest {

  private static final RunId LATER = new RunId("20260116-101500-00c0de");
  private static final String RESTORED = "gateway-restored-20260116-101500-00c0de";
  private static final String PROOF = "gateway-proof-20260116-101500-00c0de";

  private static final Map<String, String> OF_ITS_OWN =
      Map.ofEntries(
          Map.entry("DBInstanceClass", "db.r6g.2xlarge"),
          Map.entry("DBSubnetGroupName", "gateway-private"),
          Map.entry("Port", "6432"),
          Map.entry("MultiAZ", "true"),
          Map.entry("PubliclyAccessible", "false"),
          Map.entry("StorageType", "io1"),
          Map.entry("Iops", "4000"),
          Map.entry("DeletionProtection", "true"),
          Map.entry("IAMDatabaseAuthenticationEnabled", "true"),
          Map.entry("BackupRetentionPeriod", "14"),
          Map.entry("PreferredBackupWindow", "02:00-02:30"),
          Map.entry("CopyTagsToSnapshot", "true"),
          Map.entry("AutoMinorVersionUpgrade", "false"),
          Map.entry("CACertificateIdentifier", "rds-ca-ecc384-g1"),
          Map.entry("MonitoringInterval", "30"),
          Map.entry("MonitoringRoleArn", "arn:aws:iam::123456789012:role/monitoring"),
          Map.entry("PerformanceInsightsEnabled", "true"),
          Map.entry("PerformanceInsightsRetentionPeriod", "31"),
          Map.entry("MaxAllocatedStorage", "500"),
          Map.entry("PreferredMaintenanceWindow", "mon:03:00-mon:03:30"));

  private static final Map<String, List<String>> LISTS =
      Map.of(
          "DBParameterGroups", List.of("gateway-parameters"),
          "OptionGroupMemberships", List.of("gateway-options"),
          "VpcSecurityGroups", List.of("sg-1", "sg-2"),
          "EnabledCloudwatchLogsExports", List.of("postgresql", "upgrade"));

  private RdsStandIn aws;
  private Rds rds;
  private Backup backup;

  @BeforeEach
  void start() throws IOException {
    aws = new RdsStandIn();
    Thing source = aws.addInstance("gateway");
    source.fields.putAll(OF_ITS_OWN);
    source.lists.putAll(LISTS);
    source.tags.put("team", "platform");
    source.tags.put("aws:cloudformation:stack-name", "cannot be set by anybody");
    rds = new Rds(aws);
    backup = rds.snapshots().backup(Rds.REQUEST);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private Copy restore(Purpose purpose) {
    return rds.snapshots().restore(backup, LATER, purpose);
  }

  @Test
  void serverThatTakesOverHasEverySettingOfItsSource() {
    restore(Purpose.TAKE_OVER);

    Thing copy = aws.instance(RESTORED);
    assertThat(copy.fields).containsAllEntriesOf(OF_ITS_OWN);
    assertThat(copy.lists).containsAllEntriesOf(LISTS);
    assertThat(copy.tags)
        .containsEntry("team", "platform")
        .containsEntry("rack-gateway:run", LATER.value())
        .containsEntry("rack-gateway:purpose", "take-over")
        .containsEntry("rack-gateway:backup", Rds.ID)
        .doesNotContainKey("aws:cloudformation:stack-name");
  }

  @Test
  void copyIsReachedWithTheAdminsLoginAtItsOwnAddress() {
    aws.restoresTake(3);

    Copy copy = restore(Purpose.TAKE_OVER);

    assertThat(copy.name()).isEqualTo(RESTORED);
    assertThat(copy.endpoint()).isEqualTo(RESTORED + ".db.test:6432");
    assertThat(copy.url().user()).isEqualTo("admin");
    assertThat(copy.url().password()).isEqualTo("p@ss");
    assertThat(copy.url().database()).isEqualTo("gateway");
    assertThat(copy.url().options()).containsEntry("sslmode", "require");
    assertThat(copy.url().servers()).hasToString("[" + RESTORED + ".db.test:6432]");
  }

  @Test
  void proofIsSmallAndUnprotectedButInTheSameNetwork() {
    aws.offer("db.t3.medium");

    restore(Purpose.PROOF);

    Thing copy = aws.instance(PROOF);
    assertThat(copy.fields)
        .containsEntry("DBInstanceClass", "db.t3.medium")
        .containsEntry("MultiAZ", "false")
        .containsEntry("DeletionProtection", "false")
        .containsEntry("BackupRetentionPeriod", "0")
        .containsEntry("StorageType", "gp3")
        .containsEntry("DBSubnetGroupName", "gateway-private")
        .containsEntry("PubliclyAccessible", "false");
    assertThat(copy.lists.get("VpcSecurityGroups")).containsExactly("sg-1", "sg-2");
    assertThat(copy.lists.get("DBParameterGroups")).containsExactly("gateway-parameters");
    assertThat(copy.tags).containsEntry("rack-gateway:purpose", "proof");
  }

  @Test
  void proofTakesTheSourcesClassWhereNoSmallOneIsToBeHad() {
    restore(Purpose.PROOF);

    assertThat(aws.instance(PROOF).fields).containsEntry("DBInstanceClass", "db.r6g.2xlarge");
  }

  @Test
  void repeatedRestoreGoesOnWithTheSameServer() {
    Copy first = restore(Purpose.TAKE_OVER);
    Copy second = restore(Purpose.TAKE_OVER);

    assertThat(second).isEqualTo(first);
    assertThat(aws.calls("RestoreDBInstanceFromDBSnapshot")).hasSize(1);
  }

  @Test
  void serverOfThatNameByAnotherIsNotTaken() {
    aws.addInstance(RESTORED);

    assertThatThrownBy(() -> restore(Purpose.TAKE_OVER))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessage("there is a server " + RESTORED + " that this run did not make");
  }

  @Test
  void throttlingDoesNotEndTheWait() {
    aws.restoresTake(2);
    rds.onEvent =
        event -> {
          if (aws.calls("DescribeDBInstances").size() < 6) {
            aws.refuse("DescribeDBInstances", 6, 400, "Throttling", "Rate exceeded");
          }
        };

    assertThat(restore(Purpose.PROOF).name()).isEqualTo(PROOF);
  }

  @Test
  void restoreThatFailsIsNamedAndLeftToLookAt() {
    aws.nextRestoreEndsAs("incompatible-network");

    assertThatThrownBy(() -> restore(Purpose.TAKE_OVER))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining(RESTORED + " ended as 'incompatible-network'");
    assertThat(aws.snapshots()).containsKey(Rds.ID);
  }

  @Test
  void restoreThatTakesTooLongIsNamedWithItsState() {
    aws.restoresTake(100_000);
    rds.timeout = Duration.ofMillis(300);

    assertThatThrownBy(() -> restore(Purpose.TAKE_OVER))
        .hasMessageContaining("is not restored after")
        .hasMessageContaining("creating");
  }

  @Test
  void restoredServerThatLetsNobodyInIsNamed() {
    rds.answering = url -> Optional.of("no route to the host");
    rds.timeout = Duration.ofSeconds(2);

    assertThatThrownBy(() -> restore(Purpose.TAKE_OVER))
        .hasMessage(
            RESTORED + " is restored but does not let this machine in: no route to the host");
  }

  @Test
  void quotasAndMissingGroupsAreNamed() {
    aws.refuse("RestoreDBInstanceFromDBSnapshot", 1, 400, "InstanceQuotaExceeded", "40 instances.");
    assertThatThrownBy(() -> restore(Purpose.TAKE_OVER))
        .hasMessage("the account has as many DB instances as it may have: 40 instances");

    aws.refuse("RestoreDBInstanceFromDBSnapshot", 1, 404, "DBSubnetGroupNotFoundFault", "No such.");
    assertThatThrownBy(() -> restore(Purpose.TAKE_OVER))
        .hasMessage("the source's subnet group is gone: No such");

    aws.refuse("RestoreDBInstanceFromDBSnapshot", 1, 404, "DBParameterGroupNotFound", "No such.");
    assertThatThrownBy(() -> restore(Purpose.TAKE_OVER))
        .hasMessage("the source's parameter group is gone: No such");
  }

  @Test
  void removedSnapshotIsNamed() {
    rds.snapshots().remove(backup);

    assertThatThrownBy(() -> restore(Purpose.TAKE_OVER))
        .hasMessage("the snapshot " + Rds.ID + " is gone");
  }

  @Test
  void proofIsDiscardedEvenIfSomebodyProtectedIt() {
    Copy copy = restore(Purpose.PROOF);
    aws.instance(PROOF).fields.put("DeletionProtection", "true");

    rds.snapshots().discard(copy);
    rds.snapshots().discard(copy);

    assertThat(aws.instance(PROOF)).isNull();
    assertThat(aws.calls("DeleteDBInstance").get(0)).containsEntry("SkipFinalSnapshot", "true");
  }

  @Test
  void protectedServerThatTookOverIsNotDiscarded() {
    Copy copy = restore(Purpose.TAKE_OVER);

    assertThatThrownBy(() -> rds.snapshots().discard(copy))
        .hasMessageContaining("is protected from being deleted");
    assertThat(aws.instance(RESTORED)).isNotNull();
  }

  @Test
  void serverThatTheGatewayUsesIsNotDiscarded() {
    aws.instance("gateway").fields.put("DeletionProtection", "false");
    aws.instance("gateway").tags.put("rack-gateway:created-by", "rack-gateway-deploy");
    Copy source = new Copy("gateway", restore(Purpose.PROOF).url(), "gateway.db.test:6432");

    assertThatThrownBy(() -> rds.snapshots().discard(source))
        .hasMessageContaining("so it is left alone");

    // The configuration names another source by now, but the gateway still uses this one.
    aws.addInstance("other");
    rds.instance = "other";
    assertThatThrownBy(() -> rds.snapshots().discard(source))
        .hasMessageContaining("is what database.url leads to");
    assertThat(aws.instance("gateway")).isNotNull();
  }

  @Test
  void serverThatThisToolDidNotMakeIsNotDiscarded() {
    aws.addInstance("billing");
    Copy other = new Copy("billing", restore(Purpose.PROOF).url(), "billing.db.test:5432");

    assertThatThrownBy(() -> rds.snapshots().discard(other))
        .hasMessageContaining("was not made by this tool");
    assertThat(aws.instance("billing")).isNotNull();
  }

  @Test
  void longNamesAreCutToWhatRdsAllows() {
    String name = "a".repeat(30) + "-" + "b".repeat(32);

    String copy = RdsNames.copy(name, LATER, Purpose.TAKE_OVER);

    assertThat(copy).hasSizeLessThanOrEqualTo(60).endsWith("-restored-" + LATER.value());
    assertThat(copy).doesNotContain("--").matches("[a-z][a-z0-9-]*[a-z0-9]");
    assertThat(RdsNames.copy(RESTORED, Rds.RUN, Purpose.TAKE_OVER))
        .isEqualTo("gateway-restored-" + Rds.RUN.value());
  }

  @Test
  void auroraClusterGetsItsSettingsAndItsInstances() {
    Thing source = aws.addCluster("aurora");
    source.fields.put("DBSubnetGroup", "gateway-private");
    source.fields.put("DBClusterParameterGroup", "gateway-cluster");
    source.fields.put("DeletionProtection", "true");
    source.fields.put("BackupRetentionPeriod", "14");
    source.fields.put("PreferredMaintenanceWindow", "mon:03:00-mon:03:30");
    source.lists.put("VpcSecurityGroups", List.of("sg-1", "sg-2"));
    source.lists.put("EnabledCloudwatchLogsExports", List.of("postgresql"));
    source.tags.put("team", "platform");
    Thing writer = aws.addMember("aurora", "aurora-writer");
    writer.fields.put("DBInstanceClass", "db.r6g.xlarge");
    writer.lists.put("DBParameterGroups", List.of("gateway-instance"));
    aws.addMember("aurora", "aurora-reader").fields.put("DBInstanceClass", "db.r6g.large");
    rds.ofCluster("aurora");
    Backup ofCluster = rds.snapshots().backup(Rds.REQUEST);
    aws.restoresTake(2);

    Copy copy = rds.snapshots().restore(ofCluster, LATER, Purpose.TAKE_OVER);

    String name = "aurora-restored-" + LATER.value();
    assertThat(copy.endpoint()).isEqualTo(name + ".cluster.test:5432");
    assertThat(aws.cluster(name).fields)
        .containsEntry("DBSubnetGroup", "gateway-private")
        .containsEntry("DBClusterParameterGroup", "gateway-cluster")
        .containsEntry("DeletionProtection", "true")
        .containsEntry("BackupRetentionPeriod", "14")
        .containsEntry("PreferredMaintenanceWindow", "mon:03:00-mon:03:30");
    assertThat(aws.cluster(name).lists.get("VpcSecurityGroups")).containsExactly("sg-1", "sg-2");
    assertThat(aws.cluster(name).lists.get("EnabledCloudwatchLogsExports"))
        .containsExactly("postgresql");
    assertThat(aws.cluster(name).tags).containsEntry("team", "platform");
    assertThat(aws.instance(name + "-1").fields).containsEntry("DBInstanceClass", "db.r6g.xlarge");
    assertThat(aws.instance(name + "-1").lists.get("DBParameterGroups"))
        .containsExactly("gateway-instance");
    assertThat(aws.instance(name + "-2").fields).containsEntry("DBInstanceClass", "db.r6g.large");
  }

  @Test
  void auroraProofHasOneInstanceAndGoesAwayWithIt() {
    aws.addCluster("aurora");
    aws.addMember("aurora", "aurora-writer");
    aws.addMember("aurora", "aurora-reader");
    rds.ofCluster("aurora");
    Backup ofCluster = rds.snapshots().backup(Rds.REQUEST);

    Copy copy = rds.snapshots().restore(ofCluster, LATER, Purpose.PROOF);
    assertThat(aws.instance(copy.name() + "-1")).isNotNull();
    assertThat(aws.instance(copy.name() + "-2")).isNull();

    rds.snapshots().discard(copy);
    assertThat(aws.cluster(copy.name())).isNull();
    assertThat(aws.instance(copy.name() + "-1")).isNull();
    assertThat(aws.cluster("aurora")).isNotNull();
  }
}
