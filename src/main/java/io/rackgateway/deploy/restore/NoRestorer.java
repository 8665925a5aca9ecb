package io.rackgateway.deploy.restore;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import java.util.List;
import java.util.Optional;

/** Where no database can be restored: its gate says why, so that nothing else is ever asked. */
public final class NoRestorer implements Restorer {

  private final String reason;
  private final String next;

  /**
   * @param reason why, one sentence
   * @param next what to do about it
   */
  public NoRestorer(String reason, String next) {
    this.reason = reason;
    this.next = next;
  }

  @Override
  public Gate preflight(Backup backup) {
    return Gate.block("restore", reason, next);
  }

  @Override
  public String outlook(Backup backup) {
    return reason;
  }

  @Override
  public String describeCopy(Backup backup) {
    return reason;
  }

  @Override
  public String describeSwitch() {
    return reason;
  }

  @Override
  public void makeCopy(Backup backup, RunId run) {
    throw blocked();
  }

  @Override
  public Restored.Delta saveDelta(Backup backup, RunId run) {
    throw blocked();
  }

  @Override
  public void switchOver(Backup backup, RunId run) {
    throw blocked();
  }

  @Override
  public boolean switched(RunId run) {
    return false;
  }

  @Override
  public void switchBack(RunId run) {
    // It never switched.
  }

  @Override
  public void discardCopy(RunId run) {
    // It never made one.
  }

  @Override
  public Restored restored(Backup backup, RunId run) {
    return new Restored(backup.id(), null, null);
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
    // It never kept one.
  }

  private static IllegalStateException blocked() {
    return new IllegalStateException("the gate 'restore' forbids it");
  }
}
