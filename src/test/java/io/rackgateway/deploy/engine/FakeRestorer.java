package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.restore.Restorer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Restores the migrations that the platform's database held when the backup was taken; there is no
 * other content. It refuses what a real one would: to save or to switch while the gateway runs.
 */
final class FakeRestorer implements Restorer {

  private final FakePlatform platform;
  private final Map<RunId, List<String>> copies = new HashMap<>();
  private final Map<RunId, List<String>> old = new HashMap<>();

  /** Whether others are shut out of the live database. */
  boolean shut;

  FakeRestorer(FakePlatform platform) {
    this.platform = platform;
  }

  private void step(String name) {
    platform.during.accept(name);
    if (platform.broken.contains(name)) {
      throw new DeployException.StepFailed(name + " broke", "mend it");
    }
  }

  @Override
  public Gate preflight(Backup backup) {
    return platform.broken.contains("restore-gate")
        ? Gate.block("restore", "there is no room for a second database", "make room")
        : Gate.pass("restore", "possible");
  }

  @Override
  public String outlook(Backup backup) {
    return "the database goes back";
  }

  @Override
  public String describeCopy(Backup backup) {
    return "copy";
  }

  @Override
  public String describeSwitch() {
    return "switch";
  }

  @Override
  public void makeCopy(Backup backup, RunId run) {
    step("make-copy");
    if (!switched(run)) {
      copies.put(run, platform.schemas.get(backup.id()));
    }
  }

  @Override
  public Restored.Delta saveDelta(Backup backup, RunId run) {
    step("save-delta");
    if (!switched(run)) {
      assertStopped();
      shut = true;
    }
    return delta();
  }

  private static Restored.Delta delta() {
    return new Restored.Delta("memory", 3, 1, 0, 0, 0, 1);
  }

  private void assertStopped() {
    if (platform.running != null) {
      throw new AssertionError("the gateway still runs");
    }
  }

  @Override
  public void switchOver(Backup backup, RunId run) {
    step("switch-database");
    if (switched(run)) {
      return;
    }
    assertStopped();
    old.put(run, new ArrayList<>(platform.migrations));
    platform.migrations.clear();
    platform.migrations.addAll(copies.remove(run));
    shut = false;
  }

  @Override
  public boolean switched(RunId run) {
    return old.containsKey(run);
  }

  @Override
  public void switchBack(RunId run) {
    List<String> before = old.remove(run);
    if (before != null) {
      platform.migrations.clear();
      platform.migrations.addAll(before);
    }
    shut = false;
  }

  @Override
  public void discardCopy(RunId run) {
    copies.remove(run);
  }

  @Override
  public Restored restored(Backup backup, RunId run) {
    return new Restored(backup.id(), delta(), switched(run) ? "old" : null);
  }

  @Override
  public Optional<String> retired(RunId run) {
    return Optional.empty();
  }

  @Override
  public List<Kept> kept() {
    return List.of();
  }

  @Override
  public void drop(Kept database) {
    // None is kept.
  }
}
