package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.backup.BackupProvider;
import io.rackgateway.deploy.backup.Proving;
import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.GatesConfig;
import io.rackgateway.deploy.config.NoReleasesConfig;
import io.rackgateway.deploy.config.ReleasesConfig;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.rules.AvailabilityGate;
import io.rackgateway.deploy.gate.rules.BackupGate;
import io.rackgateway.deploy.gate.rules.CliGate;
import io.rackgateway.deploy.gate.rules.CompatibilityGate;
import io.rackgateway.deploy.gate.rules.MaintenanceGate;
import io.rackgateway.deploy.gate.rules.ManualGate;
import io.rackgateway.deploy.gate.rules.ProofGate;
import io.rackgateway.deploy.migration.JdbcTableSizes;
import io.rackgateway.deploy.migration.MigrationsGate;
import io.rackgateway.deploy.migration.TableSizes;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.registry.DockerCredentials;
import io.rackgateway.deploy.registry.ImageGate;
import io.rackgateway.deploy.registry.ImageRegistry;
import io.rackgateway.deploy.release.NotLookedAtGate;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.release.environment.EnvironmentGate;
import io.rackgateway.deploy.release.notes.ReleaseNotesGate;
import io.rackgateway.deploy.time.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Puts together the gates of an upgrade. A new gate is a line here. */
final class GateWiring {

  private final Configuration configuration;
  private final @Nullable ReleaseSource releases;
  private final Commands commands;
  private final OkHttpClient http;
  private final Waits waits;
  private final Secrets secrets;
  private final Map<String, String> environment;

  /**
   * @param releases null where the configuration says that they are not looked up
   */
  GateWiring(
      Configuration configuration,
      @Nullable ReleaseSource releases,
      Commands commands,
      OkHttpClient http,
      Waits waits,
      Secrets secrets,
      Map<String, String> environment) {
    this.configuration = configuration;
    this.releases = releases;
    this.commands = commands;
    this.http = http;
    this.waits = waits;
    this.secrets = secrets;
    this.environment = environment;
  }

  /** In the order in which people read them. */
  List<GateCheck> gates(BackupProvider backup, Proving proving) {
    GatesConfig config = configuration.gates();
    List<GateCheck> gates = new ArrayList<>();
    gates.add(new CompatibilityGate(this::published));
    ReleaseSource source = releases;
    gates.addAll(source == null ? withoutReleases() : ofReleases(source));
    if (configuration.deploy().host() == null) {
      gates.add(image());
    }
    gates.add(new BackupGate(backup));
    gates.add(new ProofGate(proving));
    gates.add(new AvailabilityGate());
    gates.add(new MaintenanceGate(config.maintenance(), waits.clock()));
    gates.add(new CliGate(commands, environment));
    gates.add(new ManualGate(config.manual()));
    return gates;
  }

  private List<GateCheck> ofReleases(ReleaseSource source) {
    ReleasesConfig config = configuration.releases();
    GatesConfig gates = configuration.gates();
    return List.of(
        new ReleaseNotesGate(source, config.preReleases()),
        new EnvironmentGate(source, config.manifest(), gates.environment()),
        new MigrationsGate(source, tableSizes(), gates.bigTable()));
  }

  /** What the configuration itself asks for is judged all the same. */
  private List<GateCheck> withoutReleases() {
    NoReleasesConfig none = configuration.releases().none();
    String reason = none == null ? "no releases are configured" : none.reason();
    List<GateCheck> gates = new ArrayList<>();
    gates.add(new NotLookedAtGate("release-notes", reason));
    List<String> wanted = configuration.gates().environment();
    gates.add(
        wanted.isEmpty()
            ? new NotLookedAtGate("environment", reason)
            : new EnvironmentGate(wanted));
    gates.add(new NotLookedAtGate("migrations", reason));
    return gates;
  }

  private List<Release> published() {
    ReleaseSource source = releases;
    return source == null ? List.of() : source.releases();
  }

  private TableSizes tableSizes() {
    DatabaseConfig database = configuration.database();
    return database == null
        ? TableSizes.unknown("no database is configured")
        : new JdbcTableSizes(PostgresUrl.parse("database.adminUrl", database.dumpUrl()));
  }

  /** A host runs programs, not images. */
  private GateCheck image() {
    return new ImageGate(
        new ImageRegistry(
            http, new DockerCredentials(environment, commands, secrets), secrets, waits.clock()));
  }
}
