package io.rackgateway.deploy.backup.convox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.backup.ArchiveBackups;
import io.rackgateway.deploy.config.ConvoxResourceConfig;
import io.rackgateway.deploy.convox.RackAddress;
import io.rackgateway.deploy.convox.RackClient;
import io.rackgateway.deploy.convox.RackTrust;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Exports of a PostgreSQL resource over the rack API, each a file of SQL with its checksum. The
 * rack leaves owners and grants out of them.
 */
public final class ConvoxResourceBackup implements ArchiveBackups {

  static final String KIND = "convoxResource";

  private static final String ID_PREFIX = "rack-gateway-pre-upgrade-";

  private final ConvoxResourceConfig config;
  private final RackClient rack;
  private final ExportFolder folder;
  private final Clock clock;
  private final Cancellation cancellation;
  private final Loading loading;

  /**
   * Calls nothing yet.
   *
   * @param secrets known secrets, which no description of a backup may hold; the rack's credentials
   *     are added to them
   * @throws DeployException.Usage if the rack's address or the file of authorities cannot be read
   */
  public ConvoxResourceBackup(
      ConvoxResourceConfig config,
      OkHttpClient http,
      Commands commands,
      Clock clock,
      Cancellation cancellation,
      Secrets secrets) {
    this.config = config;
    RackAddress address =
        RackAddress.of("backup.convoxResource.rack", config.rack(), config.gatewayToken());
    secrets.add(address.authorization());
    this.rack =
        new RackClient(http, address, trust(config.caFile()), config.timeout(), cancellation);
    this.folder = new ExportFolder(config.directory(), new EventJson(secrets));
    this.clock = clock;
    this.cancellation = cancellation;
    this.loading = new Loading(commands, config.timeout());
  }

  private static RackTrust trust(@Nullable Path caFile) {
    return caFile == null
        ? RackTrust.system()
        : RackTrust.authorities("backup.convoxResource.caFile", caFile);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Gate preflight() {
    try {
      String found = requirePostgres() + " resource " + name() + " of " + rack.address().display();
      return Gate.pass("backup", found);
    } catch (DeployException.StepFailed e) {
      return Gate.block("backup", e.problem().summary(), e.problem().next());
    }
  }

  /** The type of the resource. */
  private String requirePostgres() {
    JsonNode resource = rack.get(new ObjectMapper()::readTree, path());
    String type = resource.path("type").asText("");
    if (!type.contains("postg")) {
      throw new DeployException.StepFailed(
          "the resource " + name() + " is of type '" + type + "', not PostgreSQL",
          "name the gateway's database in backup.convoxResource.resource");
    }
    return type;
  }

  @Override
  public List<PlannedStep> steps() {
    return List.of(
        new PlannedStep(
            Phase.BACKUP,
            "convox-export",
            "export the resource "
                + name()
                + " of "
                + rack.address().display()
                + " into a new folder below "
                + config.directory()));
  }

  @Override
  public Backup backup(Request request) {
    String id = ID_PREFIX + request.run().value();
    try {
      Optional<Backup> earlier = folder.read(id);
      if (earlier.isPresent() && whole(earlier.get())) {
        return earlier.get();
      }
      folder.remove(id);
      return take(request, id);
    } catch (IOException e) {
      throw ExportFile.unwritable(folder.directory(), e);
    }
  }

  private Backup take(Request request, String id) throws IOException {
    long start = System.nanoTime();
    Instant createdAt = clock.instant();
    String unused = requirePostgres();
    try {
      Path file = folder.begin(id);
      ExportFile export =
          rack.download(
              body -> ExportFile.write(body, file, cancellation::throwIfPending), path("data"));
      Backup backup =
          new Backup(
              id,
              KIND,
              request.gateway(),
              folder.finished(id).toString(),
              export.bytes(),
              export.sha256(),
              Proof.LISTED,
              request.version(),
              createdAt,
              Waits.since(start).truncatedTo(ChronoUnit.MILLIS));
      folder.finish(backup, export);
      return backup;
    } catch (UncheckedIOException e) {
      discard(id, e);
      throw e.getCause();
    } catch (IOException | RuntimeException e) {
      discard(id, e);
      throw e;
    }
  }

  private void discard(String id, Exception because) {
    try {
      folder.discard(id);
    } catch (IOException left) {
      because.addSuppressed(left);
    }
  }

  @Override
  public List<Backup> list(String gateway) {
    try {
      return folder.all().stream()
          .filter(backup -> backup.gateway().equals(gateway))
          .sorted(Comparator.comparing(Backup::createdAt).reversed())
          .toList();
    } catch (IOException e) {
      throw ExportFile.unwritable(folder.directory(), e);
    }
  }

  @Override
  public Optional<DatabaseFacts> facts(Backup backup) {
    return Optional.empty();
  }

  @Override
  public Backup recordProof(Backup backup) {
    try {
      Backup known =
          folder.read(backup.id()).map(kept -> kept.proven(backup.proof())).orElse(backup);
      if (Files.isDirectory(folder.finished(known.id()))) {
        folder.describe(known);
      }
      return known;
    } catch (IOException e) {
      throw ExportFile.unwritable(folder.directory(), e);
    }
  }

  @Override
  public void remove(Backup backup) {
    try {
      folder.remove(backup.id());
    } catch (IOException e) {
      throw ExportFile.unwritable(folder.directory(), e);
    }
  }

  @Override
  public void check(Backup backup) {
    Path dump = dump(backup);
    try {
      if (!ExportFile.checksum(dump, cancellation::throwIfPending).equals(backup.sha256())) {
        throw new DeployException.StepFailed(
            "the backup " + backup.id() + " is damaged: " + dump + " was changed",
            "do not restore it; take a new one");
      }
    } catch (IOException e) {
      throw ExportFile.unwritable(folder.directory(), e);
    }
  }

  @Override
  public boolean holdsRights() {
    return false;
  }

  @Override
  public void load(Backup backup, PostgresUrl into, boolean unowned) {
    check(backup);
    loading.load(dump(backup), into);
  }

  /**
   * Puts the backup into the live resource, in place of everything that is in it, over the rack. It
   * is one transaction: whatever goes wrong, the resource holds what it held before. There is no
   * second database beside it, and once it is done its former content is gone: whoever calls this
   * stops the gateway first, and takes a backup of the content that is replaced.
   *
   * @throws DeployException.StepFailed if the backup is damaged, is in a form that the rack does
   *     not import, or the rack does not say that it is done. After a broken connection the outcome
   *     is unknown: the resource holds all of the one or all of the other
   * @throws DeployException.Cancelled if the run was cancelled meanwhile
   */
  public void importInto(Backup backup) {
    check(backup);
    String unused = requirePostgres();
    Path dump = dump(backup);
    if (dump.getFileName().toString().equals(ExportFolder.CUSTOM)) {
      throw new DeployException.StepFailed(
          "the backup " + backup.id() + " is in pg_dump's custom format, and racks import SQL",
          "turn it into SQL with 'pg_restore --file', and import that by hand");
    }
    rack.put(new ImportBody(dump), path("data"));
  }

  private boolean whole(Backup backup) {
    try {
      check(backup);
      return true;
    } catch (DeployException.StepFailed e) {
      return false;
    }
  }

  private Path dump(Backup backup) {
    return folder
        .dump(backup.id())
        .orElseThrow(
            () ->
                new DeployException.StepFailed(
                    "the backup " + backup.id() + " lacks its export in " + backup.location(),
                    "see 'backups' for those there are"));
  }

  private String name() {
    return config.app() + "/" + config.resource();
  }

  private String[] path(String... rest) {
    String[] path = {"apps", config.app(), "resources", config.resource()};
    String[] all = Arrays.copyOf(path, path.length + rest.length);
    System.arraycopy(rest, 0, all, path.length, rest.length);
    return all;
  }
}
