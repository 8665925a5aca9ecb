package io.rackgateway.deploy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole of {@code rack-gateway.yml}. Paths in it are relative to the file's own folder. */
public record Configuration(
    @Key("The gateway to look after.") GatewayConfig gateway,
    @Key(
            value = "The image repository that releases come from, without a tag.",
            orElse = "docker.io/docspringcom/rack-gateway",
            pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]+(?=/))?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$",
            expected =
                "an image repository without tag or digest, such as docker.io/docspringcom/rack-gateway",
            shown = true)
        String image,
    @Key("The platform the gateway runs on: exactly one.") DeployConfig deploy,
    @Key("The gateway's PostgreSQL database, as this machine reaches it.")
        @Nullable DatabaseConfig database,
    @Key(
            value = "How the database is backed up before an upgrade: exactly one.",
            orElse = "{pgDump: {}}")
        BackupConfig backup,
    @Key(value = "How migrations are run.", orElse = "{}") MigrateConfig migrate,
    @Key(value = "Where upstream releases are looked up: exactly one.", orElse = "{github: {}}")
        ReleasesConfig releases,
    @Key(value = "What must hold before an upgrade may begin.", orElse = "{}") GatesConfig gates,
    @Key(value = "How the running gateway is verified.", orElse = "{}") VerifyConfig verify,
    @Key(value = "How availability is watched from outside during a run.", orElse = "{}")
        ProbeConfig probe,
    @Key("How the new version is watched before a run counts as a success; left out, it is not.")
        @Nullable BakeConfig bake,
    @Key(value = "What a run does by itself when it fails or is cancelled.", orElse = "{}")
        RollbackConfig rollback,
    @Key(value = "Webhooks that are told of runs.", orElse = "[]", min = 0, name = "notify")
        List<NotifyConfig> notices,
    @Key(
            value =
                "Commands run before anything is changed, in order. One that fails stops the run, which then has"
                    + " changed nothing.",
            orElse = "[]",
            min = 0)
        List<HookConfig> before,
    @Key(
            value = "Commands run after a run, however it ended. One that fails is reported.",
            orElse = "[]",
            min = 0)
        List<HookConfig> after,
    @Key(
            value =
                "Where runs are recorded: a JDBC URL of H2 (a file of this machine) or PostgreSQL (shared by runners).",
            orElse = "jdbc:h2:file:.rack-gateway/journal",
            pattern = "^jdbc:(h2:file:[^;]|postgresql:)",
            expected =
                "a JDBC URL of H2 or PostgreSQL: jdbc:h2:file:PATH or jdbc:postgresql://HOST/NAME?user=...",
            form = Key.Form.JOURNAL)
        String journal) {

  /** The same, but the new version is not watched. */
  public Configuration withoutBake() {
    return new Configuration(
        gateway, image, deploy, database, backup, migrate, releases, gates, verify, probe, null,
        rollback, notices, before, after, journal);
  }

  /**
   * All of it as it counts, defaults included, in the form of the file and without secrets of its
   * own kind; a text that came from the environment is for the sink to mask.
   */
  public String masked() {
    return MaskedText.of(this);
  }

  /** Without what may hold a secret. */
  @Override
  public String toString() {
    return Masked.toString(this);
  }
}
