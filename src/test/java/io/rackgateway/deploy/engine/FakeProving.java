package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import java.util.ArrayList;
import java.util.List;

/** Proves by saying so. What it was asked for is remembered; nothing is restored. */
final class FakeProving implements Proving {

  private final FakePlatform platform;
  final List<String> calls = new ArrayList<>();

  FakeProving(FakePlatform platform) {
    this.platform = platform;
  }

  @Override
  public Gate preflight(boolean upgrade) {
    return Gate.pass("proof", "rehearsed");
  }

  @Override
  public List<PlannedStep> steps(boolean upgrade) {
    PlannedStep prove = new PlannedStep(Phase.BACKUP, PROVE, "prove");
    return upgrade
        ? List.of(prove, new PlannedStep(Phase.REHEARSE, REHEARSE, "rehearse"))
        : List.of(prove);
  }

  @Override
  public Backup prove(RunId run, Backup backup, boolean keep) {
    calls.add(keep ? "prove, kept" : "prove");
    return proven(PROVE, backup, Proof.RESTORED);
  }

  @Override
  public Backup rehearse(RunId run, Backup backup, Version to, boolean breaking) {
    calls.add("rehearse " + to);
    return proven(REHEARSE, backup, Proof.REHEARSED);
  }

  private Backup proven(String step, Backup backup, Proof proof) {
    platform.during.accept(step);
    if (platform.broken.contains(step)) {
      throw new DeployException.StepFailed(step + " broke", "mend it");
    }
    return platform.recordProof(backup.proven(proof));
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
