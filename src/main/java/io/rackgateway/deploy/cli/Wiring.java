package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.backup.SnapshotBackups;
import io.rackgateway.deploy.backup.convox.ConvoxResourceBackup;
import io.rackgateway.deploy.backup.none.NoBackup;
import io.rackgateway.deploy.backup.pgdump.PgDumpBackup;
import io.rackgateway.deploy.backup.rds.RdsSnapshots;
import io.rackgateway.deploy.config.BackupConfig;
import io.rackgateway.deploy.config.ComposeConfig;
import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.ConvoxConfig;
import io.rackgateway.deploy.config.ConvoxResourceConfig;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.GitHubConfig;
import io.rackgateway.deploy.config.HostConfig;
import io.rackgateway.deploy.config.KubernetesConfig;
import io.rackgateway.deploy.config.NoBackupConfig;
import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.config.RdsConfig;
import io.rackgateway.deploy.config.ReleaseFileConfig;
import io.rackgateway.deploy.config.ReleasesConfig;
import io.rackgateway.deploy.config.RollbackConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.diagnose.folder.Diagnoser;
import io.rackgateway.deploy.diagnose.folder.JournalSource;
import io.rackgateway.deploy.diagnose.folder.Subject;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.compose.ComposeDriver;
import io.rackgateway.deploy.driver.host.HostDriver;
import io.rackgateway.deploy.engine.Ports;
import io.rackgateway.deploy.engine.Settings;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.hook.command.CommandHooks;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.migration.JdbcSchemaReader;
import io.rackgateway.deploy.migration.SchemaReader;
import io.rackgateway.deploy.migration.SchemaReaders;
import io.rackgateway.deploy.model.Acceptance;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.rehearsal.LiveDatabase;
import io.rackgateway.deploy.rehearsal.ScratchProving;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.release.file.FileReleases;
import io.rackgateway.deploy.release.github.GitHubReleases;
import io.rackgateway.deploy.restore.NoRestorer;
import io.rackgateway.deploy.restore.Restorer;
import io.rackgateway.deploy.restore.postgres.PostgresRestorer;
import io.rackgateway.deploy.restore.snapshot.SnapshotRestorer;
import io.rackgateway.deploy.scratch.EmbeddedScratch;
import io.rackgateway.deploy.scratch.ScratchDatabases;
import io.rackgateway.deploy.scratch.UrlScratch;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.AvailabilityProbe;
import io.rackgateway.deploy.verify.Verifier;
import io.rackgateway.deploy.verify.Watch;
import io.rackgateway.deploy.verify.bake.LogWatch;
import io.rackgateway.deploy.verify.http.HttpAvailabilityProbe;
import io.rackgateway.deploy.verify.http.HttpGateway;
import io.rackgateway.deploy.verify.platform.LogScan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Puts together the parts that a configuration asks for. A new platform or kind of backup is a line
 * here.
 */
final class Wiring {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final Configuration configuration;
  private final Map<String, String> environment;
  private final EventStream events;
  private final Cancellation cancellation;
  private final Waits waits;
  private final Commands commands;
  private final EventJson json;
  private final Secrets secrets;
  private final OkHttpClient http;
  private final Path home;
  private final JournalSource journal;
  private final HttpGateway gateway;

  /** Made once: it tells which rack it speaks to, and how. */
  private final Once<DeployDriver> convoxDriver = new Once<>(this::convoxDriver);

  private final @Nullable ReleaseSource releases;

  /**
   * @param home the configuration's folder
   * @param journal opens the journal for those that only read it
   */
  Wiring(
      Configuration configuration,
      Map<String, String> environment,
      EventStream events,
      Cancellation cancellation,
      Waits waits,
      EventJson json,
      Secrets secrets,
      OkHttpClient http,
      Path home,
      JournalSource journal) {
    this.http = http;
    this.home = home;
    this.journal = journal;
    this.configuration = configuration;
    this.environment = environment;
    this.events = events;
    this.cancellation = cancellation;
    this.waits = waits;
    this.json = json;
    this.secrets = secrets;
    this.gateway = new HttpGateway(http, configuration.gateway());
    this.releases = releaseSource();
    this.commands =
        new SystemCommands(
            ProcessBuilder::new,
            cancellation,
            () -> events.run().map(Commands::mark).orElse(Map.of()));
  }

  static Settings settings(Configuration configuration) {
    RollbackConfig rollback = configuration.rollback();
    return new Settings(
        configuration.gateway().name(),
        ToolVersion.number(),
        configuration.migrate().enabled(),
        configuration.migrate().timeout(),
        rollback.application() == RollbackConfig.Application.AUTOMATIC,
        switch (rollback.database()) {
          case NEVER -> Settings.DatabaseRollback.NEVER;
          case ASK -> Settings.DatabaseRollback.ASK;
          case AUTOMATIC -> Settings.DatabaseRollback.AUTOMATIC;
        },
        rollback.onCancel() == RollbackConfig.OnCancel.ROLLBACK,
        configuration.gates().accept().stream()
            .map(Acceptance::tryParse)
            .flatMap(Optional::stream)
            .toList(),
        configuration.gates().deadline(),
        LEASE);
  }

  /**
   * Where releases are looked up; empty where the configuration says that they are not.
   *
   * <p>Made once: what was read is kept.
   */
  Optional<ReleaseSource> releases() {
    return Optional.ofNullable(releases);
  }

  private @Nullable ReleaseSource releaseSource() {
    ReleasesConfig config = configuration.releases();
    ReleaseFileConfig file = config.file();
    if (file != null) {
      return new FileReleases(file, config);
    }
    GitHubConfig github = config.github();
    return github == null ? null : new GitHubReleases(github, config, http, waits, events);
  }

  Ports ports() {
    DeployDriver driver = driver();
    SchemaReader schema = schema(driver);
    BackupProvider backup = backup();
    Proving proving = scratchProving(backup).map(Proving.class::cast).orElseGet(Proving::none);
    return new Ports(
        driver,
        backup,
        restorer(backup, driver),
        proving,
        schema,
        new GateWiring(configuration, releases, commands, http, waits, secrets, environment)
            .gates(backup, proving),
        verifier(driver, schema),
        probe(),
        watch(driver),
        diagnoser(() -> driver, () -> schema),
        new CommandHooks(
            configuration.before(),
            configuration.after(),
            home,
            commands,
            events,
            cancellation,
            json),
        json,
        events,
        waits);
  }

  /** Finds out what is wrong with a gateway of which not even the driver may be to be had. */
  Diagnoser diagnoser() {
    Once<DeployDriver> driver = new Once<>(this::driver);
    return diagnoser(driver, new Once<>(() -> schema(driver.get())));
  }

  private Diagnoser diagnoser(Supplier<DeployDriver> driver, Supplier<SchemaReader> schema) {
    return new Diagnoser(
        new Subject(
            configuration,
            driver,
            schema,
            releases,
            journal,
            http,
            secrets,
            waits.clock(),
            cancellation,
            ToolVersion.number(),
            home.resolve(".rack-gateway").resolve("diagnostics")));
  }

  private DeployDriver driver() {
    ComposeConfig compose = configuration.deploy().compose();
    if (compose != null) {
      return new ComposeDriver(
          compose,
          configuration.migrate(),
          configuration.image(),
          variables(),
          commands,
          waits,
          events,
          environment);
    }
    ConvoxConfig convox = configuration.deploy().convox();
    if (convox != null) {
      return convoxDriver.get();
    }
    KubernetesConfig kubernetes = configuration.deploy().kubernetes();
    if (kubernetes != null) {
      return KubernetesWiring.driver(configuration, kubernetes, environment, waits, events);
    }
    HostConfig host = configuration.deploy().host();
    if (host != null) {
      HostDriver.hideSecrets(host, secrets);
      return new HostDriver(
          host, configuration.migrate(), variables(), commands, waits, events, http, environment);
    }
    throw new IllegalStateException("the configuration was validated to name a platform");
  }

  private DeployDriver convoxDriver() {
    ConvoxConfig convox = Objects.requireNonNull(configuration.deploy().convox());
    return new ConvoxWiring(
            configuration, convox, http, waits, events, secrets, variables(), environment, home)
        .driver();
  }

  private DatabaseVariables variables() {
    DatabaseConfig database = configuration.database();
    return database == null
        ? DatabaseVariables.USUAL
        : new DatabaseVariables(database.variables(), database.adminVariables());
  }

  BackupProvider backup() {
    NoBackupConfig none = configuration.backup().none();
    if (none != null) {
      return new NoBackup(none);
    }
    DatabaseConfig database = configuration.database();
    RdsConfig rds = configuration.backup().rds();
    if (rds != null) {
      return new RdsSnapshots(
          rds,
          database,
          servers -> replacement(driver(), servers),
          ToolVersion.number(),
          waits,
          events);
    }
    ConvoxResourceConfig resource = configuration.backup().convoxResource();
    if (resource != null) {
      return new ConvoxResourceBackup(
          resource, http, commands, waits.clock(), cancellation, secrets);
    }
    PgDumpConfig pgDump = configuration.backup().pgDump();
    if (database == null || pgDump == null) {
      return new NoBackup(new NoBackupConfig("no database is configured"));
    }
    return new PgDumpBackup(pgDump, database, commands, waits.clock(), cancellation, secrets);
  }

  /** The server that a restore put in the place of one of these, if the platform tells. */
  private static Optional<PostgresUrl.Server> replacement(
      DeployDriver driver, List<PostgresUrl.Server> servers) {
    try {
      return driver.databaseAddress().flatMap(address -> address.replacementOf(servers));
    } catch (DeployException e) {
      return Optional.empty();
    }
  }

  private Restorer restorer(BackupProvider backup, DeployDriver driver) {
    DatabaseConfig database = configuration.database();
    RdsConfig rds = configuration.backup().rds();
    if (database != null && rds != null && backup instanceof SnapshotBackups snapshots) {
      PostgresUrl application = PostgresUrl.parse("database.url", database.url());
      PostgresUrl admin = PostgresUrl.parse("database.adminUrl", database.dumpUrl());
      Optional<DatabaseAddress> address = driver.databaseAddress();
      if (address.isPresent()) {
        return new SnapshotRestorer(
            snapshots, address.get(), application, admin, rds.deltaDirectory(), waits, events);
      }
    }
    if (database != null && backup instanceof ArchiveBackups archives) {
      PostgresUrl application = PostgresUrl.parse("database.url", database.url());
      PostgresUrl admin = PostgresUrl.parse("database.adminUrl", database.dumpUrl());
      return new PostgresRestorer(admin, application.user(), archives, waits);
    }
    return database == null
        ? new NoRestorer(
            "no section 'database' says how this tool reaches the gateway's database: what was"
                + " written since the backup could not be saved",
            "add 'database: {url: ${DATABASE_URL}}', with adminUrl where another role owns it")
        : new NoRestorer(
            "backups of kind '"
                + backup.kind()
                + "' cannot take the live database's place by this tool",
            "restore the database by its own means, set DATABASE_URL and ADMIN_DATABASE_URL where"
                + " the platform keeps them, then use 'rollback'");
  }

  /** Proves backups of this kind; empty where no database is configured. */
  Optional<ScratchProving> scratchProving(BackupProvider backup) {
    DatabaseConfig database = configuration.database();
    if (database == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ScratchProving(
            configuration.gateway().name(),
            configuration.backup(),
            backup,
            scratch(database),
            new LiveDatabase(PostgresUrl.parse("database.adminUrl", database.dumpUrl())),
            releases,
            events,
            cancellation));
  }

  private ScratchDatabases scratch(DatabaseConfig database) {
    BackupConfig.ScratchConfig config = configuration.backup().scratch();
    Secret url = config.url();
    return url == null
        ? new EmbeddedScratch(
            config.directory(), EmbeddedScratch.programsFolder(environment), secrets)
        : new UrlScratch(
            PostgresUrl.parse("backup.scratch.url", url),
            List.of(
                PostgresUrl.parse("database.url", database.url()),
                PostgresUrl.parse("database.adminUrl", database.dumpUrl())));
  }

  private SchemaReader schema(DeployDriver driver) {
    DatabaseConfig database = configuration.database();
    SchemaReader direct =
        database == null
            ? () -> SchemaState.unknown("no database is configured")
            : schema(driver, PostgresUrl.parse("database.adminUrl", database.dumpUrl()));
    ComposeConfig compose = configuration.deploy().compose();
    return compose != null && compose.databaseService() != null
        ? SchemaReaders.inTurn(direct, driver::schema)
        : direct;
  }

  /** After a restore the gateway may use another server than this tool was told. */
  private static SchemaReader schema(DeployDriver driver, PostgresUrl url) {
    return () ->
        new JdbcSchemaReader(
                replacement(driver, url.servers())
                    .map(
                        server ->
                            new PostgresUrl(
                                List.of(server),
                                url.user(),
                                url.password(),
                                url.database(),
                                url.options()))
                    .orElse(url))
            .read();
  }

  private Verifier verifier(DeployDriver driver, SchemaReader schema) {
    return new VerifyWiring(configuration, gateway, driver, schema, commands, http, waits, events)
        .verifier();
  }

  private Watch watch(DeployDriver driver) {
    return new LogWatch(
        driver,
        configuration,
        () -> new LoggedErrors(new LogScan(configuration.verify())),
        http,
        events,
        waits);
  }

  private AvailabilityProbe probe() {
    return configuration.probe().enabled()
        ? new HttpAvailabilityProbe(
            gateway,
            configuration.gateway(),
            configuration.verify(),
            configuration.probe(),
            waits.clock(),
            events)
        : AvailabilityProbe.none();
  }
}
