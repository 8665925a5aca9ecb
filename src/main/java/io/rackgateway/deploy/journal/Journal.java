package io.rackgateway.deploy.journal;

import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The durable record of runs. When a method returns, what it wrote survives the loss of this
 * process. Thread-safe.
 */
public interface Journal extends AutoCloseable {

  /** Records that a run begins. */
  void begin(RunRecord run);

  /** Records that the run is no longer going forward but being undone, and why. */
  void turnBack(RunId run, String reason);

  /** Records that an effect is about to happen. Repeating an effect records a new intent. */
  void intend(RunId run, Phase phase, String effect);

  /** Records that the effect intended last under this name has happened. */
  void done(RunId run, Phase phase, String effect);

  /** Records that the effect intended last under this name has failed. */
  void failed(RunId run, Phase phase, String effect, String reason);

  /** Records how the run ended. */
  void finish(RunId run, RunResult result);

  Optional<RunRecord> find(RunId run);

  /** The newest run of the gateway that has not ended. */
  Optional<RunRecord> unfinished(String gateway);

  /** Runs of the gateway, newest first. */
  List<RunRecord> runs(String gateway, int limit);

  /** The effects of a run in the order of their first intents, each with its latest state. */
  List<EffectRecord> effects(RunId run);

  /** Records what was true of the gateway before the run; recording it again replaces it. */
  void recordBaseline(RunId run, Baseline baseline);

  /** What was true of the gateway before the run, if that was recorded. */
  Optional<Baseline> baseline(RunId run);

  /**
   * Records how the bake of a run stands, or how it came out; recording it again replaces it. May
   * be lost when this process is killed right after.
   */
  void recordBake(RunId run, Bake bake);

  /** How the bake of a run stands, or how it came out, if that was recorded. */
  Optional<Bake> bake(RunId run);

  /** Records a look at the gateway after an upgrade. */
  void recordLook(String gateway, Look look);

  /** The looks at the gateway after an upgrade, oldest first. */
  List<Look> looks(RunId run);

  /** Records a backup; recording the same id again replaces it. */
  void recordBackup(RunId run, Backup backup);

  /** Backups of the gateway, newest first. */
  List<Backup> backups(String gateway);

  /** A backup by its id, of whichever gateway. */
  Optional<Backup> backup(String id);

  /** The backup that a run took. */
  Optional<Backup> backupOf(RunId run);

  /** Forgets a backup that was removed; does nothing when it is not known. */
  void forgetBackup(String id);

  /** The backups that runs of the gateway which have not ended took or restore, by id. */
  Set<String> neededBackups(String gateway);

  /** Keeps an event as evidence. May be lost when this process is killed right after. */
  void append(EventRecord event);

  /**
   * Takes the lock of a gateway for a run. A lease that ran out, or whose owner is known to be
   * dead, is taken over.
   *
   * @param lifetime after which the lease runs out unless renewed
   * @return what there is to say about a lease that was taken over, if one was
   * @throws io.rackgateway.deploy.model.DeployException.Locked if another run holds it
   */
  Optional<String> acquire(String gateway, RunId run, Owner owner, Duration lifetime);

  /**
   * Renews the lease; false when it is no longer the run's, because it ran out and another run took
   * it.
   */
  boolean renew(String gateway, RunId run, Owner owner, Duration lifetime);

  /**
   * Who is at work on the gateway: the holder of a lease that has not run out and whose owner is
   * not known to be dead.
   */
  Optional<Holder> holder(String gateway);

  /** Gives the lock back; does nothing when the run does not hold it. */
  void release(String gateway, RunId run);

  @Override
  void close();
}
