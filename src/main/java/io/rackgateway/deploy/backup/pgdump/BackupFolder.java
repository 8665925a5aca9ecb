package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One backup on disk: {@code <id>/data/} as pg_dump made it, {@code <id>/facts.json}, the checksums
 * of both in {@code <id>/SHA256SUMS}, and {@code <id>/backup.json}. It grows as {@code
 * .<id>.partial} and gets its name when it is whole; {@code backup.json} comes last, so a folder
 * that has one is whole even where renaming is not atomic. Readable by this user alone.
 */
final class BackupFolder {

  static final String DATA = "data";

  /** What pg_restore goes by; the other files of an archive hold rows. */
  private static final String CONTENTS = "data/toc.dat";

  private static final String FACTS = "facts.json";
  private static final List<String> SUMMED = List.of(DATA, FACTS);

  private final Path directory;
  private final String id;
  private final Checksums checksums;
  private final Description description;

  /** Facts hold names and counts, no text of people: nothing in them is masked. */
  private final EventJson plain = new EventJson(new Secrets());

  BackupFolder(Path directory, String id, Checksums checksums, Description description) {
    this.directory = directory.toAbsolutePath().normalize();
    this.id = id;
    this.checksums = checksums;
    this.description = description;
  }

  Path finished() {
    return directory.resolve(id);
  }

  Path data() {
    return finished().resolve(DATA);
  }

  Path partial() {
    return directory.resolve("." + id + ".partial");
  }

  private Path removed() {
    return directory.resolve("." + id + ".removed");
  }

  /** Makes the folder anew in which the backup grows. */
  void begin() throws IOException {
    Files.createDirectories(directory);
    discard();
    remove();
    Files.createDirectory(partial());
    Tree.restrict(partial());
  }

  /** Removes what is half-done, if there is any. */
  void discard() throws IOException {
    Tree.delete(partial());
  }

  /**
   * Removes a finished backup, if there is one. It loses its name first: at no instant is there a
   * half of it that looks like a backup.
   */
  void remove() throws IOException {
    Tree.delete(removed());
    if (Files.exists(finished())) {
      Files.deleteIfExists(finished().resolve(Description.FILE));
      Tree.move(finished(), removed());
      Tree.delete(removed());
    }
  }

  void write(DatabaseFacts facts) throws IOException {
    Files.writeString(partial().resolve(FACTS), plain.writeAny(facts) + "\n");
  }

  /** Writes the checksums and returns the checksum of the whole. */
  String seal() throws IOException {
    Files.write(partial().resolve(Checksums.FILE), checksums.of(partial(), SUMMED));
    return checksums.of(partial().resolve(Checksums.FILE));
  }

  /** The size of the archive. */
  long bytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(partial().resolve(DATA))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** Makes the backup durable and gives it its name. */
  void finish(Backup backup) throws IOException {
    Tree.sync(partial());
    Tree.move(partial(), finished());
    Tree.sync(directory, false);
    describe(backup);
  }

  /** Writes the description anew, in one instant. */
  void describe(Backup backup) throws IOException {
    Path fresh = finished().resolve("." + Description.FILE);
    Files.writeString(fresh, description.write(backup));
    Tree.restrict(fresh);
    Tree.sync(fresh, true);
    Tree.move(fresh, finished().resolve(Description.FILE));
    Tree.sync(finished(), false);
  }

  /**
   * What the finished backup is, by its description alone; empty when there is none.
   *
   * @throws DeployException.StepFailed if the description is damaged or of another backup
   */
  Optional<Backup> described() throws IOException {
    if (!Files.isDirectory(finished())) {
      return Optional.empty();
    }
    Backup backup = description.read(read(Description.FILE)).orElse(null);
    if (backup == null) {
      throw damaged(Description.FILE + " is not as it was written");
    }
    if (!backup.id().equals(id)) {
      throw damaged(Description.FILE + " is that of " + backup.id());
    }
    // The folder may have been moved or be mounted elsewhere since.
    return Optional.of(
        new Backup(
            backup.id(),
            backup.kind(),
            backup.gateway(),
            finished().toString(),
            backup.bytes(),
            backup.sha256(),
            backup.proof(),
            backup.gatewayVersion(),
            backup.createdAt(),
            backup.duration()));
  }

  /**
   * The finished backup, every file of which has been compared with its checksum; empty when there
   * is none.
   *
   * @throws DeployException.StepFailed if it is damaged, naming the files
   */
  Optional<Backup> verified() throws IOException {
    Optional<Backup> backup = described();
    if (backup.isPresent()) {
      List<String> expected = sums(backup.get());
      List<String> found = checksums.of(finished(), SUMMED);
      if (!found.equals(expected)) {
        throw damaged("not as it was written: " + firstDifference(expected, found));
      }
    }
    return backup;
  }

  /**
   * Compares with their checksums what the files of rows are restored by, which takes no time.
   *
   * @throws DeployException.StepFailed if that is damaged
   */
  void verifiedContents(Backup backup) throws IOException {
    List<String> expected = sums(backup);
    for (String line : checksums.of(finished(), List.of(CONTENTS, FACTS))) {
      if (!expected.contains(line)) {
        throw damaged("not as it was written: " + line.substring(line.indexOf(' ')).strip());
      }
    }
  }

  /**
   * What the database held; empty when the backup does not tell.
   *
   * @throws DeployException.StepFailed if that is damaged
   */
  Optional<DatabaseFacts> facts(Backup backup) throws IOException {
    Optional<String> sum =
        sums(backup).stream().filter(line -> line.endsWith("  " + FACTS)).findFirst();
    if (sum.isEmpty()) {
      return Optional.empty();
    }
    String text = read(FACTS);
    if (!sum.get().startsWith(Checksums.ofText(text) + " ")) {
      throw damaged("not as it was written: " + FACTS);
    }
    return Optional.of(plain.readFacts(text, FACTS));
  }

  private List<String> sums(Backup backup) throws IOException {
    String text = read(Checksums.FILE);
    if (!Checksums.ofText(text).equals(backup.sha256())) {
      throw damaged(Checksums.FILE + " was changed");
    }
    return text.lines().toList();
  }

  private String read(String file) throws IOException {
    try {
      return Files.readString(finished().resolve(file));
    } catch (NoSuchFileException e) {
      throw damaged(file + " is missing");
    } catch (CharacterCodingException e) {
      throw damaged(file + " is not as it was written");
    }
  }

  private static String firstDifference(List<String> expected, List<String> found) {
    return Stream.concat(
            expected.stream().filter(line -> !found.contains(line)),
            found.stream().filter(line -> !expected.contains(line)))
        .map(line -> line.substring(line.indexOf(' ')).strip())
        .findFirst()
        .orElse(DATA);
  }

  private DeployException.StepFailed damaged(String what) {
    return new DeployException.StepFailed(
        "the backup " + finished() + " is damaged: " + what,
        "do not restore it; restore an older one, or take a new one");
  }
}
