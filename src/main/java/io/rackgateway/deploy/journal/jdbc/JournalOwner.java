package io.rackgateway.deploy.journal.jdbc;

import io.rackgateway.deploy.journal.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A note beside an embedded journal that tells which process has it open: the journal itself cannot
 * be asked then. It only informs; what keeps others out is H2's own lock on the file.
 */
record JournalOwner(Path file) {

  static JournalOwner write(Path journal, String command) {
    JournalOwner owner = new JournalOwner(path(journal));
    try {
      Files.writeString(owner.file, "'" + command + "' on " + Owner.self());
    } catch (IOException e) {
      // Without the note a second process says "another process" instead of which one.
    }
    return owner;
  }

  static String describe(Path journal) {
    try {
      return Files.readString(path(journal));
    } catch (IOException e) {
      return "another process";
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The next process to open the journal writes it anew.
    }
  }

  private static Path path(Path journal) {
    return Path.of(journal + ".owner");
  }
}
