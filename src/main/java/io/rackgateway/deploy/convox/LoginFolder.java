package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of the {@code convox} command line's settings: a file for each, with plain text or a
 * JSON object in it. No message shows what is in a file.
 */
final class LoginFolder {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  LoginFolder(Path folder) {
    this.folder = folder;
  }

  /** Text, without blanks around it; empty where there is no such file, or nothing in it. */
  Optional<String> text(String name) {
    Path file = path(name);
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable(file, "cannot be read: " + IoFailure.describe(e));
    }
  }

  /**
   * A JSON object; empty where there is no such file, or nothing in it.
   *
   * @throws DeployException.Usage if it is something else
   */
  Optional<JsonNode> object(String name) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode read = JSON.readTree(text.get());
      if (!read.isObject()) {
        throw unusable(path(name), "is no JSON object");
      }
      return Optional.of(read);
    } catch (JsonProcessingException e) {
      // Not the parser's own words, which quote the file.
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : " (line " + at.getLineNr() + ")";
      throw unusable(path(name), "is no JSON" + where);
    }
  }

  /** What is in a folder of settings, by name. */
  List<String> names(String name) {
    try (Stream<Path> all = Files.list(path(name))) {
      return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw unusable(path(name), "cannot be read: " + IoFailure.describe(e));
    }
  }

  boolean isFolder(String name) {
    return Files.isDirectory(path(name));
  }

  Path path(String name) {
    return name.isEmpty() ? folder : folder.resolve(name);
  }

  /** Whether others than the owner can read a file. */
  boolean isOpen(String name) {
    Set<PosixFilePermission> file = permissions(path(name));
    Set<PosixFilePermission> around = permissions(folder);
    boolean others =
        file.contains(PosixFilePermission.OTHERS_READ)
            && around.contains(PosixFilePermission.OTHERS_EXECUTE);
    boolean group =
        file.contains(PosixFilePermission.GROUP_READ)
            && around.contains(PosixFilePermission.GROUP_EXECUTE);
    return others || group;
  }

  private static Set<PosixFilePermission> permissions(Path path) {
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, new LinkOption[0]);
    try {
      return view == null ? Set.of() : view.readAttributes().permissions();
    } catch (IOException e) {
      return Set.of();
    }
  }

  private static DeployException.Usage unusable(Path file, String why) {
    return new DeployException.Usage(
        "the convox command line's file " + file + " " + why,
        "log in or switch again with 'convox', or give deploy.convox.rack as ${RACK_URL}");
  }
}
