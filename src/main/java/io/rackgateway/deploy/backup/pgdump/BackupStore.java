package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of backups: finds one, and all of them. */
final class BackupStore {

  private final Path directory;
  private final Checksums checksums;
  private final Description description;

  BackupStore(Path directory, Checksums checksums, EventJson json) {
    this.directory = directory.toAbsolutePath().normalize();
    this.checksums = checksums;
    this.description = new Description(json);
  }

  BackupFolder folder(String id) {
    return new BackupFolder(directory, id, checksums, description);
  }

  /** The folder of a backup: here, or where it was when it was taken. */
  BackupFolder folder(Backup backup) {
    if (!backup.id().matches("[\\w-][\\w.-]*")) {
      throw missing(backup);
    }
    Path then = Path.of(backup.location()).toAbsolutePath().normalize();
    Path parent = then.getParent();
    if (parent == null
        || !then.endsWith(backup.id())
        || Files.exists(directory.resolve(backup.id()))
        || !Files.exists(then)) {
      return folder(backup.id());
    }
    return new BackupFolder(parent, backup.id(), checksums, description);
  }

  /**
   * The backup as its folder describes it now.
   *
   * @throws DeployException.StepFailed if it is not there, damaged, or not the one that is meant
   */
  Backup same(Backup backup) {
    return reading(backup, () -> matching(backup, folder(backup).described().orElse(null)));
  }

  /** {@link #same} after every file was compared with its checksum. */
  Backup verified(Backup backup) {
    return reading(backup, () -> matching(backup, folder(backup).verified().orElse(null)));
  }

  private static Backup matching(Backup meant, @Nullable Backup found) {
    if (found == null) {
      throw missing(meant);
    }
    if (!found.gateway().equals(meant.gateway())) {
      throw new DeployException.StepFailed(
          "the backup "
              + found.location()
              + " is of the gateway '"
              + found.gateway()
              + "', not of '"
              + meant.gateway()
              + "'",
          "choose one of the gateway's own backups; see 'backups' for those there are");
    }
    if (!Objects.equals(found.sha256(), meant.sha256())) {
      throw new DeployException.StepFailed(
          "the backup " + found.location() + " is not the one that was recorded under this id",
          "choose another backup; see 'backups' for those there are");
    }
    return found;
  }

  /** The finished backups of a gateway, newest first. */
  List<Backup> list(String gateway) {
    if (!Files.exists(directory)) {
      return List.of();
    }
    List<Backup> backups = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && Files.isRegularFile(entry.resolve(Description.FILE))) {
          described(name).filter(b -> b.gateway().equals(gateway)).ifPresent(backups::add);
        }
      }
    } catch (IOException e) {
      throw unreadable(directory.toString(), e);
    }
    backups.sort(Comparator.comparing(Backup::createdAt).thenComparing(Backup::id).reversed());
    return backups;
  }

  private Optional<Backup> described(String id) throws IOException {
    try {
      return folder(id).described();
    } catch (DeployException.StepFailed e) {
      // Damaged: whoever names it is told, and it is not offered.
      return Optional.empty();
    }
  }

  <T> T reading(Backup backup, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw unreadable(backup.id(), e);
    }
  }

  private DeployException.StepFailed unreadable(String what, IOException e) {
    return new DeployException.StepFailed(
        Problem.of(
            "the backup " + what + " cannot be read: " + e.getMessage(),
            "check the folder " + directory),
        e);
  }

  private static DeployException.StepFailed missing(Backup backup) {
    return new DeployException.StepFailed(
        "there is no backup " + backup.id() + " at " + backup.location(),
        "see 'backups' for those there are");
  }

  /** Something read from the store. */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException;
  }
}
