package io.rackgateway.deploy.backup.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.testing.RdsStandIn;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

@Timeout(60)
class RdsSnapshotsTest {

  private RdsStandIn aws;
  private Rds rds;

  @BeforeEach
  void start() throws IOException {
    aws = new RdsStandIn();
    aws.addInstance("gateway");
    rds = new Rds(aws);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private Problem failure() {
    DeployException.StepFailed failed =
        catchThrowableOfType(
            DeployException.StepFailed.class, () -> rds.snapshots().backup(Rds.REQUEST));
    assertThat(failed).isNotNull();
    return failed.problem();
  }

  @Test
  void snapshotIsNamedAndTaggedByTheRunAndWaitedFor() {
    aws.snapshotsTake(3);

    Backup backup = rds.snapshots().backup(Rds.REQUEST);

    assertThat(backup.id()).isEqualTo(Rds.ID);
    assertThat(backup.kind()).isEqualTo("rds");
    assertThat(backup.location())
        .isEqualTo("arn:aws:rds:eu-west-1:123456789012:snapshot:" + Rds.ID);
    assertThat(backup.bytes()).isEqualTo(100L << 30);
    assertThat(backup.sha256()).isNull();
    assertThat(backup.proof()).isEqualTo(Proof.LISTED);
    assertThat(backup.gatewayVersion()).isEqualTo(Version.parse("v1.1.0"));
    assertThat(backup.createdAt()).isEqualTo(Rds.NOW);
    assertThat(aws.snapshots().get(Rds.ID).tags)
        .containsEntry("rack-gateway:gateway", "production")
        .containsEntry("rack-gateway:run", Rds.RUN.value())
        .containsEntry("rack-gateway:version", "v1.1.0")
        .containsEntry("rack-gateway:tool-version", "0.1.0")
        .containsEntry("rack-gateway:created-by", "rack-gateway-deploy")
        .containsEntry("rack-gateway:created-at", "2026-01-15T03:15:01Z");
  }

  @Test
  void waitingTellsThePercentage() {
    aws.snapshotsTake(60);

    Backup backup = rds.snapshots().backup(Rds.REQUEST);

    assertThat(backup.id()).isEqualTo(Rds.ID);
    assertThat(rds.events)
        .filteredOn(Event.Waiting.class::isInstance)
        .extracting(event -> ((Event.Waiting) event).what())
        .anyMatch(what -> what.matches("snapshot " + Rds.ID + " \\(creating, [1-9]\\d? %\\)"));
  }

  @Test
  void clusterIsSnapshottedAsACluster() {
    aws.addCluster("aurora");
    rds.ofCluster("aurora");

    Backup backup = rds.snapshots().backup(Rds.REQUEST);

    assertThat(backup.location()).endsWith(":cluster-snapshot:" + Rds.ID);
    assertThat(rds.snapshots().list("production")).containsExactly(backup);
  }

  @Test
  void repeatedRunFindsItsSnapshot() {
    Backup first = rds.snapshots().backup(Rds.REQUEST);
    Backup second = rds.snapshots().backup(Rds.REQUEST);

    assertThat(second).isEqualTo(first);
    assertThat(aws.calls("CreateDBSnapshot")).hasSize(1);
  }

  @Test
  void runThatWasKilledMeanwhileGoesOnWithItsSnapshot() {
    aws.snapshotsTake(1000);
    rds.onEvent = event -> rds.cancellation.request("stopped by a signal");
    assertThatThrownBy(() -> rds.snapshots().backup(Rds.REQUEST))
        .isInstanceOf(DeployException.Cancelled.class);
    assertThat(rds.snapshots().list("production")).isEmpty();

    Rds again = new Rds(aws);
    aws.snapshots().get(Rds.ID).fields.put("Status", "available");

    assertThat(again.snapshots().backup(Rds.REQUEST).id()).isEqualTo(Rds.ID);
    assertThat(aws.calls("CreateDBSnapshot")).hasSize(1);
  }

  @Test
  void twoAttemptsAtOnceMakeOneSnapshot() {
    // The first look finds nothing, and then the other attempt is faster.
    rds.snapshots().backup(Rds.REQUEST);
    aws.refuse("DescribeDBSnapshots", 1, 404, "DBSnapshotNotFound", "not there yet");

    assertThat(rds.snapshots().backup(Rds.REQUEST).id()).isEqualTo(Rds.ID);
    assertThat(aws.snapshots()).hasSize(1);
  }

  @Test
  void snapshotOfThatNameByAnotherIsNotTaken() {
    rds.snapshots().backup(Rds.REQUEST);
    aws.snapshots().get(Rds.ID).tags.clear();

    assertThat(failure().summary()).contains(Rds.ID).contains("this run did not take");
  }

  @Test
  void failedSnapshotIsNamedAndRemovedAndTheNextAttemptTakesAnother() {
    aws.nextSnapshotEndsAs("failed");

    assertThat(failure().summary()).contains(Rds.ID).contains("DB instance gateway failed");
    assertThat(aws.snapshots()).isEmpty();
    assertThat(rds.snapshots().backup(Rds.REQUEST).id()).isEqualTo(Rds.ID);
  }

  @Test
  void snapshotStuckInCreatingIsNamedAndNeverListed() {
    aws.snapshotsStay();
    rds.timeout = Duration.ofMillis(300);

    Problem problem = failure();

    assertThat(problem.summary()).contains("is not done after").contains("creating");
    assertThat(problem.next()).contains("backup.rds.timeout");
    assertThat(rds.snapshots().list("production")).isEmpty();
  }

  @Test
  void instanceBusyWithSomethingElseIsWaitedFor() {
    aws.instance("gateway").fields.put("DBInstanceStatus", "backing-up");
    rds.onEvent = event -> aws.instance("gateway").fields.put("DBInstanceStatus", "available");

    assertThat(rds.snapshots().backup(Rds.REQUEST).id()).isEqualTo(Rds.ID);
  }

  @Test
  void stoppedInstanceIsNamed() {
    aws.instance("gateway").fields.put("DBInstanceStatus", "stopped");

    assertThat(failure().summary())
        .isEqualTo("DB instance gateway is not available but stopped, so no snapshot can be taken");
  }

  @Test
  void instanceThatBecomesBusyInBetweenIsNamed() {
    aws.refuse("CreateDBSnapshot", 1, 400, "InvalidDBInstanceState", "It is modifying.");

    assertThat(failure().summary())
        .isEqualTo("the DB instance is in a state that does not allow it: It is modifying");
  }

  @Test
  void missingInstanceIsNamed() {
    rds.instance = "gatewy";

    assertThat(failure().summary())
        .isEqualTo("there is no DB instance gatewy in this account and region");
  }

  @Test
  void quotaOfSnapshotsIsNamed() {
    aws.refuse("CreateDBSnapshot", 1, 400, "SnapshotQuotaExceeded", "More than 100 snapshots.");

    Problem problem = failure();

    assertThat(problem.summary())
        .isEqualTo(
            "the account has as many manual snapshots as it may have: More than 100 snapshots");
    assertThat(problem.next()).contains("backup --prune");
  }

  @Test
  void throttlingAndFaultsOfTheServiceAreOutlived() {
    aws.refuse("CreateDBSnapshot", 2, 400, "Throttling", "Rate exceeded");
    aws.refuse("DescribeDBSnapshots", 2, 503, "ServiceUnavailable", "Try later");
    aws.refuse("AddTagsToResource", 1, 500, "InternalFailure", "Oops");

    assertThat(rds.snapshots().backup(Rds.REQUEST).id()).isEqualTo(Rds.ID);
  }

  @Test
  void serviceThatFailsOnIsNamed() {
    aws.refuse("CreateDBSnapshot", 100, 503, "ServiceUnavailable", "Try later");

    assertThat(failure().summary())
        .isEqualTo(
            "rds:CreateDBSnapshot failed at AWS with status 503, also after several attempts");
  }

  @Test
  void expiredCredentialsAreNamed() {
    aws.refuse("DescribeDBSnapshots", 100, 403, "ExpiredToken", "The security token expired");

    assertThat(failure().summary()).isEqualTo("the AWS credentials have expired (ExpiredToken)");
  }

  @Test
  void clockThatIsOffIsNamedWithBothSides() {
    aws.dateIs(Rds.NOW.plus(Duration.ofMinutes(42)));
    aws.refuse("DescribeDBSnapshots", 100, 403, "RequestExpired", "Request has expired");

    Problem problem = failure();

    assertThat(problem.summary())
        .isEqualTo(
            "AWS rejects the time of the call (RequestExpired): this machine's clock is 42 min"
                + " behind the one of AWS");
    assertThat(problem.next()).contains("clock");
  }

  @Test
  void wrongSecretKeyIsToldFromAClockThatIsOff() {
    aws.dateIs(Rds.NOW);
    aws.refuse("DescribeDBSnapshots", 100, 403, "SignatureDoesNotMatch", "Does not match");

    assertThat(failure().summary()).contains("the secret key does not fit the access key");
  }

  @Test
  void deniedActionIsNamedWithTheCaller() {
    aws.refuse(
        "CreateDBSnapshot",
        1,
        403,
        "AccessDenied",
        "User: arn:aws:iam::123456789012:user/ci is not authorized to perform:"
            + " rds:CreateDBSnapshot on resource: x");

    Problem problem = failure();

    assertThat(problem.summary())
        .isEqualTo("AWS denies rds:CreateDBSnapshot to arn:aws:iam::123456789012:user/ci");
    assertThat(problem.next()).contains("allow rds:CreateDBSnapshot");
  }

  @Test
  void absentCredentialsAreNamed() {
    rds.credentials =
        () -> {
          throw SdkClientException.create(
              "Unable to load credentials from any of the providers in the chain");
        };

    assertThat(failure().summary()).startsWith("there are no AWS credentials");
  }

  @Test
  void serviceThatCannotBeReachedIsNamed() {
    RdsSnapshots snapshots = rds.snapshots();
    aws.close();

    assertThatThrownBy(() -> snapshots.backup(Rds.REQUEST))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("the RDS API does not answer rds:DescribeDBSnapshots");
  }

  @Test
  void roleIsAssumedWithTheCredentialsOfTheChain() {
    rds.role = "arn:aws:iam::123456789012:role/backup";

    rds.snapshots().backup(Rds.REQUEST);

    assertThat(aws.calls("AssumeRole"))
        .singleElement()
        .satisfies(call -> assertThat(call).containsEntry("RoleArn", rds.role));
    assertThat(aws.authorizations().get(0)).contains("AKIAFROMCHAIN");
    assertThat(aws.authorizations().get(1)).contains("Credential=ASSUMED/");
  }

  @Test
  void exactlyOneOfInstanceAndClusterIsGiven() {
    rds.cluster = "aurora";
    assertThatThrownBy(rds::snapshots)
        .isInstanceOf(DeployException.Usage.class)
        .hasMessage("backup.rds names both an instance and a cluster");

    rds.cluster = null;
    rds.instance = null;
    assertThatThrownBy(rds::snapshots)
        .isInstanceOf(DeployException.Usage.class)
        .hasMessage("backup.rds names neither an instance nor a cluster");
  }

  @Test
  void listHoldsTheGatewaysOwnFinishedSnapshotsNewestFirst() {
    RdsSnapshots snapshots = rds.snapshots();
    Backup first = snapshots.backup(Rds.REQUEST);
    Backup second =
        snapshots.backup(new Request(new RunId("20260116-031500-aaaaaa"), "production", null));
    snapshots.backup(new Request(new RunId("20260117-031500-bbbbbb"), "staging", null));
    snapshots.backup(new Request(new RunId("20260118-031500-cccccc"), "production", null));
    aws.snapshots().get("rack-gateway-pre-upgrade-20260118-031500-cccccc").tags.clear();
    aws.snapshots().get(second.id()).tags.put("rack-gateway:created-at", "2026-01-16T03:15:01Z");

    assertThat(snapshots.list("production"))
        .extracting(Backup::id)
        .isEqualTo(List.of(second.id(), first.id()));
  }

  @Test
  void furtherProofIsKeptWithTheSnapshotAndNeverLowered() {
    RdsSnapshots snapshots = rds.snapshots();
    Backup backup = snapshots.backup(Rds.REQUEST);

    snapshots.recordProof(backup.proven(Proof.REHEARSED));

    assertThat(snapshots.recordProof(backup).proof()).isEqualTo(Proof.REHEARSED);
    assertThat(snapshots.list("production"))
        .extracting(Backup::proof)
        .containsExactly(Proof.REHEARSED);
  }

  @Test
  void onlyOwnSnapshotsAreRemoved() {
    RdsSnapshots snapshots = rds.snapshots();
    Backup backup = snapshots.backup(Rds.REQUEST);
    var tags = List.copyOf(aws.snapshots().get(Rds.ID).tags.entrySet());
    aws.snapshots().get(Rds.ID).tags.clear();

    assertThatThrownBy(() -> snapshots.remove(backup))
        .hasMessageContaining("was not taken by this tool");
    tags.forEach(tag -> aws.snapshots().get(Rds.ID).tags.put(tag.getKey(), tag.getValue()));
    snapshots.remove(backup);
    snapshots.remove(backup);

    assertThat(aws.snapshots()).isEmpty();
  }

  @Test
  void gateTellsWhatWouldBeBackedUp() {
    Gate gate = rds.snapshots().preflight();

    assertThat(gate.result()).isEqualTo(Gate.Result.PASS);
    assertThat(gate.evidence())
        .isEqualTo("DB instance gateway: postgres 15.8, 100 GiB, automated backups of 1 days");
  }

  @Test
  void gateBlocksWhatCouldNotBeBackedUp() {
    aws.instance("gateway").fields.put("Engine", "mysql");
    assertThat(rds.snapshots().preflight().result()).isEqualTo(Gate.Result.BLOCK);

    aws.instance("gateway").fields.put("Engine", "postgres");
    aws.instance("gateway").fields.put("DBInstanceStatus", "stopped");
    assertThat(rds.snapshots().preflight().evidence()).contains("not available but stopped");

    aws.refuse("DescribeDBInstances", 1, 403, "AccessDenied", "not authorized");
    assertThat(rds.snapshots().preflight().evidence())
        .isEqualTo("AWS denies rds:DescribeDBInstances");

    rds.instance = "other";
    assertThat(rds.snapshots().preflight().evidence()).startsWith("there is no DB instance other");
  }

  @Test
  void gateWarnsOfADatabaseThatIsNotThatInstance() {
    aws.addInstance("other");
    rds.instance = "other";

    Gate gate = rds.snapshots().preflight();

    assertThat(gate.result()).isEqualTo(Gate.Result.WARN);
    assertThat(gate.evidence()).contains("does not lead to it but to gateway.db.test:5432");
  }

  @Test
  void clientIsNotMadeBeforeItIsNeeded() {
    rds.credentials = AnonymousCredentialsProvider.create();

    assertThat(rds.snapshots().steps())
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.description())
                    .isEqualTo(
                        "take a snapshot of DB instance gateway in eu-west-1, and wait until it is"
                            + " available"));
    assertThat(aws.authorizations()).isEmpty();
  }
}
