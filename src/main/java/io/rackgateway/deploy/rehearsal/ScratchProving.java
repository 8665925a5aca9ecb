package io.rackgateway.deploy.rehearsal;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.config.BackupConfig;
import io.rackgateway.deploy.config.BackupConfig.Prove;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.scratch.ScratchDatabases;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Proves backups in scratch databases, as far as the configuration asks. */
public final class ScratchProving implements Proving {

  private static final String GATE = "proof";

  private final BackupConfig config;
  private final BackupProvider provider;
  private final ScratchDatabases scratch;
  private final LiveDatabase live;
  private final Events events;
  private final Restorer restorer;
  private final Comparison comparison;
  private final Rehearser rehearser;
  private @Nullable Copy kept;

  /**
   * @param releases null where the configuration says that they are not looked up
   */
  public ScratchProving(
      String gateway,
      BackupConfig config,
      BackupProvider provider,
      ScratchDatabases scratch,
      LiveDatabase live,
      @Nullable ReleaseSource releases,
      Events events,
      Cancellation cancellation) {
    this.config = config;
    this.provider = provider;
    this.scratch = scratch;
    this.live = live;
    this.events = events;
    this.restorer = new Restorer(provider, scratch, live, events);
    this.comparison = new Comparison(live, new Interruptible(cancellation));
    this.rehearser = new Rehearser(gateway, releases, config.rehearsal(), cancellation);
  }

  @Override
  public Gate preflight(boolean upgrade) {
    if (steps(upgrade).isEmpty()) {
      return Gate.pass(
          GATE,
          provider.steps().isEmpty()
              ? "there is no backup to prove"
              : "the backup is proven as far as listed: complete and readable");
    }
    LiveDatabase.Known known = live.known();
    Problem missing = rehearses(upgrade) ? rehearser.obstacle() : null;
    if (missing != null) {
      return Gate.block(
          GATE, "the upgrade cannot be rehearsed: " + missing.summary(), missing.next());
    }
    Optional<Problem> obstacle =
        provider instanceof ArchiveBackups ? scratch.obstacle(known.need()) : Optional.empty();
    if (obstacle.isPresent()) {
      Problem problem = obstacle.get();
      return config.prove() == Prove.AUTO
          ? Gate.warn(
              GATE,
              "the backup is proven as far as listed only: " + problem.summary(),
              problem.next())
          : Gate.block(
              GATE,
              "the backup cannot be proven as far as "
                  + level(upgrade).label()
                  + ": "
                  + problem.summary(),
              problem.next() + ", or set backup.prove: listed");
    }
    String evidence = "the backup is proven as far as " + level(upgrade).label() + ", " + where();
    return known.unknown().isEmpty()
        ? Gate.pass(GATE, evidence)
        : Gate.warn(
            GATE,
            evidence
                + ", if that can hold the database, which does not tell what it needs: "
                + known.unknown(),
            "check database.adminUrl");
  }

  private String where() {
    return provider instanceof ArchiveBackups
        ? "in " + scratch.display()
        : "on a server of its own";
  }

  private Proof level(boolean upgrade) {
    return rehearses(upgrade) ? Proof.REHEARSED : Proof.RESTORED;
  }

  private boolean rehearses(boolean upgrade) {
    return upgrade && config.prove() == Prove.REHEARSED;
  }

  @Override
  public List<PlannedStep> steps(boolean upgrade) {
    if (provider.steps().isEmpty() || config.prove() == Prove.LISTED) {
      return List.of();
    }
    List<PlannedStep> steps = new ArrayList<>();
    steps.add(
        new PlannedStep(
            Phase.BACKUP,
            PROVE,
            "restore the backup "
                + where()
                + ", and compare every table's rows and the audit chain with the source"
                + (config.prove() == Prove.AUTO ? ", where it can be held there" : "")));
    if (rehearses(upgrade)) {
      steps.add(
          new PlannedStep(
              Phase.REHEARSE,
              REHEARSE,
              "run the target's migrations on the restored copy, and the smoke queries of the"
                  + " version before"));
    }
    return steps;
  }

  @Override
  public Backup prove(RunId run, Backup backup, boolean keep) {
    if (backup.proof().reaches(Proof.RESTORED) && !keep) {
      return backup;
    }
    long start = System.nanoTime();
    Copy copy;
    try {
      copy = restorer.restore(run, backup);
    } catch (DeployException.Usage e) {
      if (config.prove() != Prove.AUTO) {
        throw new DeployException.StepFailed(e.problem(), e);
      }
      events.emit(
          new Event.Notice(
              "the backup is proven as far as listed only: "
                  + e.problem().summary()
                  + "; "
                  + e.problem().next()));
      return backup;
    }
    boolean done = false;
    try {
      String same = comparison.of(backup, copy);
      Backup proven = provider.recordProof(backup.proven(Proof.RESTORED));
      events.emit(
          new Event.BackupProven(
              proven,
              "restored into "
                  + copy.where()
                  + " in "
                  + seconds(Waits.since(start))
                  + ": "
                  + same));
      done = true;
      return proven;
    } finally {
      if (done && keep) {
        kept = copy;
      } else {
        copy.close();
      }
    }
  }

  @Override
  public Backup rehearse(RunId run, Backup backup, Version to, boolean breaking) {
    List<MigrationFile> release = rehearser.migrations(to);
    Rehearsal rehearsal = rehearse(run, backup, to, release, breaking);
    String failure = rehearsal.failure();
    if (failure != null) {
      throw new DeployException.StepFailed(
          new Problem(
              "the rehearsal of " + to + " failed: " + failure,
              "do not upgrade to "
                  + to
                  + " before that is mended; try it again with 'rehearse --to "
                  + to
                  + "'",
              Rehearser.details(rehearsal)));
    }
    return provider.recordProof(backup.proven(Proof.REHEARSED));
  }

  /**
   * Rehearses for somebody to look at: a failure is part of the answer.
   *
   * @throws DeployException.Usage if there is no place that could hold the copy, or no release
   *     source is configured
   * @throws DeployException.Blocked if the release's source cannot be read
   */
  public Rehearsal tryOut(RunId run, Backup backup, Version to) {
    List<MigrationFile> release = rehearser.migrations(to);
    return rehearse(run, backup, to, release, false);
  }

  private Rehearsal rehearse(
      RunId run, Backup backup, Version to, List<MigrationFile> release, boolean breaking) {
    Copy earlier = kept;
    kept = null;
    try (Copy copy = earlier == null ? restorer.restore(run, backup) : earlier) {
      Rehearsal rehearsal = rehearser.rehearse(copy, to, release, breaking);
      events.emit(new Event.Rehearsed(rehearsal));
      return rehearsal;
    }
  }

  @Override
  public void close() {
    Copy copy = kept;
    kept = null;
    if (copy != null) {
      copy.close();
    }
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
