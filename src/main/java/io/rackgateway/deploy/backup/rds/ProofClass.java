package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.model.DeployException;
import java.util.List;

/**
 * The class of an instance that only proves a backup: a burstable one that counts rows in bearable
 * time, where the engine runs on it, else the source's own.
 */
final class ProofClass {

  private static final List<String> SMALL = List.of("db.t4g.medium", "db.t3.medium");

  private final RdsApi api;

  ProofClass(RdsApi api) {
    this.api = api;
  }

  String of(String engine, String engineVersion, String sourceClass) {
    return sourceClass.startsWith("db.t") || sourceClass.equals("db.serverless")
        ? sourceClass
        : SMALL.stream()
            .filter(candidate -> orderable(engine, engineVersion, candidate))
            .findFirst()
            .orElse(sourceClass);
  }

  private boolean orderable(String engine, String engineVersion, String candidate) {
    try {
      return api.call(
          "rds:DescribeOrderableDBInstanceOptions",
          rds ->
              !rds.describeOrderableDBInstanceOptions(
                      request ->
                          request
                              .engine(engine)
                              .engineVersion(engineVersion)
                              .dbInstanceClass(candidate)
                              .maxRecords(20))
                  .orderableDBInstanceOptions()
                  .isEmpty());
    } catch (DeployException.StepFailed e) {
      // Not being allowed to look only makes the proof dearer.
      return false;
    }
  }
}
