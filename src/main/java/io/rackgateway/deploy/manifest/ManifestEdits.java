package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Carries out edits of manifests, and undoes them. Both look first and do nothing when it is done
 * already; both leave the file either as it was or complete, whenever the process ends.
 */
public final class ManifestEdits {

  private final Events events;

  public ManifestEdits(Events events) {
    this.events = events;
  }

  /** Finds the edited value in a file that has changed otherwise. */
  @FunctionalInterface
  public interface Locator {
    /** Where the value stands in this content, empty when it cannot be told. */
    Optional<Setting> find(byte[] content);
  }

  /**
   * The edit that replaces a value of a file. Changes nothing.
   *
   * @param content the file's bytes now
   */
  public static ManifestEdit prepare(Path file, byte[] content, Setting value, String after) {
    byte[] edited = splice(content, value.offset(), value.text(), after);
    return new ManifestEdit(
        file.toAbsolutePath().normalize().toString(),
        value.offset(),
        value.line(),
        value.text(),
        after,
        Sha256.of(content),
        Sha256.of(edited));
  }

  /**
   * Carries out the edit.
   *
   * @throws DeployException.StepFailed if the file is not the one that the edit was made for
   */
  public void apply(ManifestEdit edit) {
    Path file = Path.of(edit.file());
    byte[] content = read(file);
    String hash = Sha256.of(content);
    if (hash.equals(edit.sha256After())) {
      return;
    }
    if (!hash.equals(edit.sha256Before())) {
      throw new DeployException.StepFailed(
          edit.file()
              + " changed since the plan was made (it is not the file whose line "
              + edit.line()
              + " was to become '"
              + edit.after()
              + "')",
          "look at what changed, then make a new plan");
    }
    write(file, splice(content, edit.offset(), edit.before(), edit.after()));
  }

  /**
   * Carries out edits of one file, each made for what the one before leaves.
   *
   * @throws DeployException.StepFailed if the file is not the one that they were made for
   */
  public void applyAll(List<ManifestEdit> edits) {
    if (edits.isEmpty()) {
      return;
    }
    Path file = Path.of(edits.get(0).file());
    byte[] before = read(file);
    byte[] after = edited(before, edits);
    if (!Arrays.equals(before, after)) {
      write(file, after);
    }
  }

  /**
   * The content after the edits, which may have been carried out already. Changes nothing.
   *
   * @throws DeployException.StepFailed if it is not what they were made for
   */
  public static byte[] edited(byte[] content, List<ManifestEdit> edits) {
    String hash = Sha256.of(content);
    if (edits.isEmpty() || hash.equals(edits.get(edits.size() - 1).sha256After())) {
      return content;
    }
    if (!hash.equals(edits.get(0).sha256Before())) {
      throw new DeployException.StepFailed(
          edits.get(0).file() + " changed since the plan was made",
          "look at what changed, then make a new plan");
    }
    byte[] edited = content;
    for (ManifestEdit edit : edits) {
      edited = splice(edited, edit.offset(), edit.before(), edit.after());
    }
    return edited;
  }

  /**
   * Carries out the edit, also in a file in which the run itself has changed the database's address
   * since the plan was made.
   *
   * @param directory the folder where that is noted
   * @throws DeployException.StepFailed if the file is not the one that the edit was made for
   */
  public void apply(ManifestEdit edit, RunId run, Path directory) {
    Optional<FileEdit> address =
        new AddressNotes(directory)
            .find(run).stream()
                .flatMap(note -> note.files().stream())
                .filter(other -> other.file().equals(edit.file()))
                .filter(other -> other.sha256Before().equals(edit.sha256Before()))
                .findFirst();
    if (address.isEmpty()) {
      apply(edit);
      return;
    }
    Path file = Path.of(edit.file());
    byte[] content = read(file);
    String hash = Sha256.of(content);
    int offset = address.get().moved(edit.offset());
    if (hash.equals(address.get().sha256After())) {
      write(file, splice(content, offset, edit.before(), edit.after()));
    } else if (!standsAt(content, offset, edit.after())
        || !Sha256.of(splice(content, offset, edit.after(), edit.before()))
            .equals(address.get().sha256After())) {
      apply(edit);
    }
  }

  private static boolean standsAt(byte[] content, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int end = offset + bytes.length;
    return end <= content.length && Arrays.equals(Arrays.copyOfRange(content, offset, end), bytes);
  }

  /**
   * Undoes the edit: gives the file its previous bytes. If something else of it was changed
   * meanwhile, that is kept and only the value is put back.
   *
   * @throws DeployException.StepFailed if the value was changed meanwhile, to something that is
   *     neither before nor after
   */
  public void revert(ManifestEdit edit, Locator locator) {
    Path file = Path.of(edit.file());
    byte[] content = read(file);
    String hash = Sha256.of(content);
    if (hash.equals(edit.sha256Before())) {
      return;
    }
    if (hash.equals(edit.sha256After())) {
      write(file, splice(content, edit.offset(), edit.after(), edit.before()));
      return;
    }
    Setting now =
        locator
            .find(content)
            .orElseThrow(() -> changed(edit, "'" + edit.after() + "' is no longer found in it"));
    if (now.text().equals(edit.before())) {
      return;
    }
    if (!now.text().equals(edit.after())) {
      throw changed(edit, "line " + now.line() + " now says '" + now.text() + "'");
    }
    write(file, splice(content, now.offset(), edit.after(), edit.before()));
    events.emit(
        new Event.Notice(
            edit.file()
                + " was changed by somebody else during the run: only '"
                + edit.before()
                + "' was put back, on line "
                + now.line()
                + "; the other changes were kept"));
  }

  private static DeployException changed(ManifestEdit edit, String what) {
    return new DeployException.StepFailed(
        edit.file() + " was changed by somebody else during the run: " + what,
        "put '" + edit.before() + "' back by hand, then run 'resume'");
  }

  private static byte[] splice(byte[] content, int offset, String old, String replacement) {
    byte[] gone = old.getBytes(StandardCharsets.UTF_8);
    int end = offset + gone.length;
    if (end > content.length || !Arrays.equals(Arrays.copyOfRange(content, offset, end), gone)) {
      throw new IllegalStateException("'" + old + "' does not stand at byte " + offset);
    }
    byte[] value = replacement.getBytes(StandardCharsets.UTF_8);
    byte[] result = Arrays.copyOf(content, content.length - gone.length + value.length);
    System.arraycopy(value, 0, result, offset, value.length);
    System.arraycopy(content, end, result, offset + value.length, content.length - end);
    return result;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw failed(file, "read", e);
    }
  }

  private static void write(Path file, byte[] content) {
    try {
      FileReplacement.write(file, content);
    } catch (IOException e) {
      throw failed(file, "written", e);
    }
  }

  private static DeployException failed(Path file, String verb, IOException e) {
    return new DeployException.StepFailed(
        Problem.of(
            file + " cannot be " + verb + " (" + e.getClass().getSimpleName() + ")",
            "check that it exists and that this user may read and write it"),
        e);
  }
}
