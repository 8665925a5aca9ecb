package io.rackgateway.deploy.restore;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunId;
import java.util.List;
import java.util.Optional;

/**
 * Brings the gateway's database back to a backup without ever leaving a single copy: a second
 * database is made and verified beside the live one, what was written since is saved, and then the
 * two change places. It keeps no state between calls but what the server itself shows, so that a
 * process started after a crash can go on where another was killed. Every method may be repeated.
 *
 * <p>What fails is a {@link io.rackgateway.deploy.model.DeployException.StepFailed}; what is
 * cancelled, a {@link io.rackgateway.deploy.model.DeployException.Cancelled}. Neither leaves the
 * live database changed.
 */
public interface Restorer {

  /** Whether the backup could take the live database's place: the gate {@code restore}. */
  Gate preflight(Backup backup);

  /** What becomes of the database, for a plan, one sentence. */
  String outlook(Backup backup);

  /** What {@link #makeCopy} does, one phrase for people. */
  String describeCopy(Backup backup);

  /** What {@link #switchOver} does, one phrase for people. */
  String describeSwitch();

  /**
   * Restores the backup into a new database beside the live one and verifies it. A whole copy of
   * the same run is left as it is, a half-made one is made anew. Does nothing once switched.
   */
  void makeCopy(Backup backup, RunId run);

  /**
   * Shuts everybody else out of the live database and saves what was written since the backup: all
   * that the live database has and the copy does not, and the other way round. The gateway must be
   * stopped. Saves it anew when called again, as more may have been written; once switched, tells
   * what was saved.
   */
  Restored.Delta saveDelta(Backup backup, RunId run);

  /** Puts the copy in the live database's place, at one stroke, and keeps the one that was live. */
  void switchOver(Backup backup, RunId run);

  /** Whether the copy of the run is live. */
  boolean switched(RunId run);

  /**
   * Puts the database back that was live before the run, and lets everybody in again. The copy is
   * kept if it was live, as the gateway may have written to it.
   */
  void switchBack(RunId run);

  /** Removes the copy of the run, unless it is live or was. */
  void discardCopy(RunId run);

  /** What there is of the run: what was saved, and the database that was live before. */
  Restored restored(Backup backup, RunId run);

  /** The copy of the run that was live for a while and no longer is, if so. */
  Optional<String> retired(RunId run);

  /** The databases that restores of this gateway's database left beside it, oldest first. */
  List<Kept> kept();

  /** Removes a database of {@link #kept}; does nothing when it is gone already. */
  void drop(Kept database);

  /**
   * A database that a restore left.
   *
   * @param bytes its size
   * @param origin what it is, one phrase
   */
  record Kept(String name, long bytes, String origin) {}
}
