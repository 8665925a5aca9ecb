package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.MarkText;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The mark of a run, as the file {@code .rack-gateway-deploy/run.json} in the gateway's folder. */
final class MarkFile {

  private final Path directory;
  private final Path file;

  MarkFile(Path directory) {
    this.directory = directory;
    this.file = directory.resolve(".rack-gateway-deploy").resolve("run.json");
  }

  Optional<Mark> find() {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(e);
    }
    try {
      return Optional.of(MarkText.parse(text));
    } catch (IllegalArgumentException e) {
      throw unreadable(e);
    }
  }

  /** A hard link is made all at once or not at all, and only where no file is. */
  void place(Mark mark) {
    Path temporary = temporary(mark.run());
    try {
      Files.createDirectories(temporary.getParent());
      Files.writeString(temporary, MarkText.of(mark));
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      Optional<Mark> there = find();
      if (there.isPresent() && !there.get().run().equals(mark.run())) {
        throw there.get().atWorkOn("the gateway in " + directory, file.toString());
      }
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the mark of this run could not be written to " + file + ": " + IoFailure.describe(e),
              "check that this user may write to the gateway's folder"),
          e);
    } finally {
      delete(temporary);
    }
  }

  void clear(RunId run) {
    if (find().filter(mark -> mark.run().equals(run)).isPresent()) {
      delete(file);
    }
    delete(temporary(run));
  }

  private Path temporary(RunId run) {
    return file.resolveSibling("." + run + ".tmp");
  }

  private DeployException unreadable(Exception e) {
    return new DeployException.Usage(
        "the mark " + file + " of a run cannot be read: " + e.getMessage(),
        "find out whether a run is at work; if none is, remove the file");
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path, e);
    }
  }
}
