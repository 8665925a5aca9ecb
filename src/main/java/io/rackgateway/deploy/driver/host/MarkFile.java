package io.rackgateway.deploy.driver.host;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.driver.Mark;
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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The mark of a run, as the file {@code .rack-gateway-deploy/run.json} in the gateway's folder. */
final class MarkFile {

  private final Path file;
  private final ObjectMapper json = new ObjectMapper();

  MarkFile(Path directory) {
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
      JsonNode node = json.readTree(text);
      return Optional.of(
          new Mark(
              new RunId(node.path("run").asText()),
              node.path("owner").asText(),
              Instant.parse(node.path("startedAt").asText()),
              node.path("plan").asText()));
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw unreadable(e);
    }
  }

  /** A hard link is made all at once or not at all, and only where no file is. */
  void place(Mark mark) {
    Path temporary = temporary(mark.run());
    try {
      Files.createDirectories(temporary.getParent());
      Files.writeString(temporary, text(mark));
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      Optional<Mark> there = find();
      if (there.isPresent() && !there.get().run().equals(mark.run())) {
        throw locked(there.get());
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

  private String text(Mark mark) throws IOException {
    return json.writerWithDefaultPrettyPrinter()
        .writeValueAsString(
            json.createObjectNode()
                .put("run", mark.run().value())
                .put("owner", mark.owner())
                .put("startedAt", mark.startedAt().toString())
                .put("plan", mark.plan()));
  }

  private DeployException locked(Mark mark) {
    return new DeployException.Locked(
        Problem.of(
            "run " + mark.run() + " of " + mark.owner() + " is at work on " + file.getParent(),
            "wait for it to end; if it was killed, finish or undo it with 'resume "
                + mark.run()
                + "'"));
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
