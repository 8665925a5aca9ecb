package io.rackgateway.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.manifest.FileEdit.Replacement;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What runs changed of the database's address, beside the files they changed it in: {@code
 * .rack-gateway-deploy/database-<run>.json}. Hosts and ports, names of variables and hashes; no
 * password. Readable by this user alone.
 */
final class AddressNotes {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String PREFIX = "database-";
  private static final String SUFFIX = ".json";

  private final Path folder;

  /**
   * @param directory the gateway's folder
   */
  AddressNotes(Path directory) {
    this.folder = directory.resolve(".rack-gateway-deploy");
  }

  /**
   * What a run changed, or was about to.
   *
   * @param from where the variables led before, as {@code host:port}
   * @param to where they lead after
   * @param takenBack whether all of it was in place, and was undone
   */
  record Note(String run, List<String> from, String to, boolean takenBack, List<FileEdit> files) {

    Note {
      from = List.copyOf(from);
      files = List.copyOf(files);
    }

    Note back() {
      return new Note(run, from, to, true, files);
    }
  }

  Optional<Note> find(RunId run) {
    return read(file(run.value()));
  }

  /** All notes, in the order of their runs. */
  List<Note> all() {
    List<Note> notes = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(
              file -> {
                String name = String.valueOf(file.getFileName());
                return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
              })
          .sorted()
          .forEach(file -> read(file).ifPresent(notes::add));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("read", folder, e);
    }
    return notes;
  }

  /** Makes a note durable before anything is done that it tells of. */
  void write(Note note) {
    Path file = file(note.run());
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      FileReplacement.write(
          file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json(note)));
    } catch (IOException e) {
      throw failed("written", file, e);
    }
  }

  private Path file(String run) {
    return folder.resolve(PREFIX + run + SUFFIX);
  }

  private static Optional<Note> read(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", file, e);
    }
    if (content.length == 0) {
      // Made, but killed before anything was written: nothing has been changed.
      return Optional.empty();
    }
    try {
      return Optional.of(note(MAPPER.readTree(content)));
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  private static ObjectNode json(Note note) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("schema", 1).put("run", note.run());
    ArrayNode from = node.putArray("from");
    note.from().forEach(from::add);
    node.put("to", note.to()).put("takenBack", note.takenBack());
    ArrayNode files = node.putArray("files");
    for (FileEdit edit : note.files()) {
      ObjectNode file = files.addObject();
      file.put("file", edit.file());
      file.put("sha256Before", edit.sha256Before()).put("sha256After", edit.sha256After());
      ArrayNode replacements = file.putArray("replacements");
      for (Replacement replacement : edit.replacements()) {
        replacements
            .addObject()
            .put("variable", replacement.variable())
            .put("line", replacement.line())
            .put("offset", replacement.offset())
            .put("before", replacement.before())
            .put("after", replacement.after());
      }
    }
    return node;
  }

  private static Note note(JsonNode node) {
    List<String> from = new ArrayList<>();
    node.path("from").forEach(server -> from.add(server.asText()));
    List<FileEdit> files = new ArrayList<>();
    for (JsonNode file : node.path("files")) {
      List<Replacement> replacements = new ArrayList<>();
      for (JsonNode one : file.path("replacements")) {
        replacements.add(
            new Replacement(
                one.path("offset").asInt(),
                one.path("line").asInt(),
                one.path("variable").asText(),
                one.path("before").asText(),
                one.path("after").asText()));
      }
      files.add(
          new FileEdit(
              file.path("file").asText(),
              replacements,
              file.path("sha256Before").asText(),
              file.path("sha256After").asText()));
    }
    return new Note(
        node.path("run").asText(),
        from,
        node.path("to").asText(),
        node.path("takenBack").asBoolean(),
        files);
  }

  private static DeployException.StepFailed failed(String verb, Path file, IOException e) {
    return new DeployException.StepFailed(
        Problem.of(
            file + " cannot be " + verb + ": " + IoFailure.describe(e),
            "check that this user may read and write there, then run 'resume'"),
        e);
  }
}
