import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.backup.pgdump.PgDumpBackup;
import io.rackgateway.deploy.config.DatabaseConfig;
import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** The tool's backup and restore by themselves: Archive backup|check|restore FOLDER URL. */
class Archive {

  public static void main(String[] arguments) {
    Cancellation cancellation = new Cancellation();
    Secret url = new Secret(arguments[2]);
    PgDumpBackup backups =
        new PgDumpBackup(
            new PgDumpConfig(
                Path.of(arguments[1]), 2, null, Duration.ofHours(2), PgDumpConfig.Compression.AUTO),
            new DatabaseConfig(url, null),
            new SystemCommands(ProcessBuilder::new, cancellation, Map::of),
            Clock.systemUTC(),
            cancellation,
            new Secrets());
    switch (arguments[0]) {
      case "backup" ->
          backups.backup(new Request(new RunId("20260115-031500-7f3a9c"), "bench", null));
      case "check" -> backups.check(backups.list("bench").get(0));
      case "restore" ->
          backups.load(backups.list("bench").get(0), PostgresUrl.parse("database.url", url), false);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }
}
