package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.SnapshotBackups;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.RdsConfig;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of an RDS instance, or of an Aurora or Multi-AZ DB cluster. They are named and tagged
 * by the run. A snapshot has no checksum: AWS keeps its bytes and vouches for them; what it holds
 * is proven by restoring it.
 */
public final class RdsSnapshots implements SnapshotBackups {

  static final String KIND = "rds";

  private static final Duration POLL = Duration.ofSeconds(5);

  private final RdsConfig config;
  private final @Nullable DatabaseConfig database;
  private final RdsSource source;
  private final SnapshotTaking taking;
  private final Restoration restoration;
  private final RdsServers servers;
  private final Replacement replacement;
  private final Events events;

  /**
   * Calls nothing yet.
   *
   * @param database whose host is compared with the source's; null when none is configured
   * @param replacement what a restore put in the source's place, where the platform shows it
   * @param toolVersion goes into the tags
   * @throws DeployException.Usage if not exactly one of instance and cluster is given, or the
   *     database's URL cannot be read
   */
  public RdsSnapshots(
      RdsConfig config,
      @Nullable DatabaseConfig database,
      Replacement replacement,
      String toolVersion,
      Waits waits,
      Events events) {
    this(
        config,
        database,
        replacement,
        toolVersion,
        waits,
        events,
        new RdsApi(RdsClients.standard(config), waits.clock()),
        Answering.overJdbc(),
        POLL);
  }

  RdsSnapshots(
      RdsConfig config,
      @Nullable DatabaseConfig database,
      Replacement replacement,
      String toolVersion,
      Waits waits,
      Events events,
      RdsApi api,
      Answering answering,
      Duration poll) {
    this.config = config;
    this.database = database;
    this.source = source(config, api);
    this.events = events;
    this.replacement = replacement;
    this.servers = new RdsServers(source);
    RdsTags tags = new RdsTags(toolVersion);
    this.taking = new SnapshotTaking(source, tags, waits, config.timeout(), poll);
    this.restoration =
        new Restoration(source, tags, waits, events, answering, config.timeout(), poll);
  }

  /** Tells which server the gateway uses in the place of one, if a restore changed that. */
  @FunctionalInterface
  public interface Replacement {

    /** The one it uses now; empty when none of these was replaced. Never throws. */
    Optional<PostgresUrl.Server> of(List<PostgresUrl.Server> servers);
  }

  private static RdsSource source(RdsConfig config, RdsApi api) {
    String instance = config.instance();
    String cluster = config.cluster();
    if (instance != null && cluster == null) {
      return new InstanceSource(api, instance);
    }
    if (cluster != null && instance == null) {
      return new ClusterSource(api, cluster);
    }
    throw new DeployException.Usage(
        instance == null
            ? "backup.rds names neither an instance nor a cluster"
            : "backup.rds names both an instance and a cluster",
        "give one of backup.rds.instance and backup.rds.cluster");
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Gate preflight() {
    return new RdsPreflight(source, database == null ? null : url(), replacement).gate();
  }

  @Override
  public List<PlannedStep> steps() {
    return List.of(
        new PlannedStep(
            Phase.BACKUP,
            "rds-snapshot",
            "take a snapshot of "
                + source.display()
                + (config.region() == null ? "" : " in " + config.region())
                + ", and wait until it is available"));
  }

  @Override
  public Backup backup(Request request) {
    long start = System.nanoTime();
    RdsSnapshot snapshot = taking.take(request);
    if (!snapshot.tags().containsKey(RdsTags.MILLIS)) {
      Duration took = Waits.since(start);
      tag(
          snapshot.arn(),
          Map.of(
              RdsTags.MILLIS, Long.toString(took.toMillis()),
              RdsTags.PROOF, Proof.LISTED.label()));
      snapshot = source.snapshot(snapshot.id()).orElse(snapshot);
    }
    return snapshot.backup();
  }

  /**
   * What a tag would have kept is in the journal too: without the right to tag, a notice is due.
   */
  private void tag(String arn, Map<String, String> tags) {
    try {
      source.tag(arn, tags);
    } catch (DeployException.StepFailed e) {
      events.emit(new Event.Notice("the snapshot was not tagged: " + e.problem().summary()));
    }
  }

  @Override
  public List<Backup> list(String gateway) {
    return source.snapshots().stream()
        .filter(snapshot -> snapshot.own() && snapshot.available())
        .map(RdsSnapshot::backup)
        .filter(backup -> backup.gateway().equals(gateway))
        .sorted(Comparator.comparing(Backup::createdAt).reversed())
        .toList();
  }

  @Override
  public Optional<DatabaseFacts> facts(Backup backup) {
    return Optional.empty();
  }

  @Override
  public Backup recordProof(Backup backup) {
    RdsSnapshot snapshot = existing(backup);
    Backup known = snapshot.backup();
    if (!known.proof().reaches(backup.proof())) {
      source.tag(snapshot.arn(), Map.of(RdsTags.PROOF, backup.proof().label()));
    }
    return backup.proven(known.proof());
  }

  @Override
  public void remove(Backup backup) {
    Optional<RdsSnapshot> snapshot = source.snapshot(backup.id());
    if (snapshot.isEmpty()) {
      return;
    }
    if (!snapshot.get().own()) {
      throw new DeployException.StepFailed(
          "the snapshot " + backup.id() + " was not taken by this tool, so it is left alone",
          "remove it by hand if it is not needed");
    }
    source.removeSnapshot(backup.id());
  }

  @Override
  public Copy restore(Backup backup, RunId run, Purpose purpose) {
    RdsSnapshot snapshot = existing(backup);
    if (!snapshot.available()) {
      throw new DeployException.StepFailed(
          "the snapshot " + backup.id() + " is not available but " + snapshot.status(),
          "see it in the RDS console, or choose another backup");
    }
    return restoration.restore(snapshot, run, purpose, url());
  }

  @Override
  public void discard(Copy copy) {
    restoration.discard(copy, database == null ? null : url());
  }

  @Override
  public Source source() {
    return servers.live();
  }

  @Override
  public Optional<Source> copy(RunId run) {
    return servers.copy(run);
  }

  @Override
  public void noteReplaced(@Nullable RunId run) {
    servers.noteReplaced(run);
  }

  @Override
  public List<Source> ofRestores() {
    return servers.ofRestores();
  }

  @Override
  public void removeOld(Source server) {
    servers.remove(server);
  }

  private RdsSnapshot existing(Backup backup) {
    return source
        .snapshot(backup.id())
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    "the snapshot " + backup.id() + " is gone",
                    "see 'backups' for those there are"));
  }

  private PostgresUrl url() {
    DatabaseConfig configured = database;
    if (configured == null) {
      throw new DeployException.StepFailed(
          Problem.of(
              "a restored server needs the login of the database, and there is no section"
                  + " 'database'",
              "add 'database: {url: ${DATABASE_URL}}'"));
    }
    return PostgresUrl.parse(
        configured.adminUrl() == null ? "database.url" : "database.adminUrl", configured.dumpUrl());
  }

  static String text(Duration duration) {
    return duration.toMinutes() > 1 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
  }

  static DeployException.StepFailed noSuchSource(RdsSource source) {
    return new DeployException.StepFailed(
        "there is no " + source.display() + " in this account and region",
        "check backup.rds, its region, and whose credentials these are ('aws sts"
            + " get-caller-identity')");
  }
}
