package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The folders {@code releases/<version>/} and the link {@code current} to one of them. */
final class Releases {

  private static final String CURRENT = "current";

  private final Path directory;

  Releases(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  Path directory() {
    return directory;
  }

  Path link() {
    return directory.resolve(CURRENT);
  }

  Path folder() {
    return directory.resolve("releases");
  }

  /** The folder that a release has or would have: {@code releases/v1.2.0}. */
  Path place(Version version) {
    return folder().resolve(version.tag());
  }

  /** The real path of a release's folder, named with or without {@code v}; empty if not there. */
  Optional<Path> find(Version version) {
    for (String name : List.of(version.tag(), version.number())) {
      Path candidate = folder().resolve(name);
      if (Files.isDirectory(candidate)) {
        return Optional.of(real(candidate));
      }
    }
    return Optional.empty();
  }

  /** The release's folder that a real path is in, or is. */
  Optional<Path> containing(Path path) {
    Path root = Files.isDirectory(folder()) ? real(folder()) : folder();
    if (path.startsWith(root) && path.getNameCount() > root.getNameCount()) {
      return Optional.of(root.resolve(path.getName(root.getNameCount())));
    }
    // A release folder may itself be a link to a place elsewhere.
    return Files.exists(link()) && path.startsWith(real(link()))
        ? Optional.of(real(link()))
        : Optional.empty();
  }

  /**
   * The real path that the link {@code current} names.
   *
   * @throws DeployException.Usage if there is no such link, or it names nothing
   */
  Path current() {
    if (!Files.isDirectory(directory)) {
      throw new DeployException.Usage(
          "the gateway's folder " + directory + " does not exist",
          "correct deploy.host.directory, or make the folder with releases/<version>/ and the link"
              + " current");
    }
    String make = "make it with: ln -s releases/<version> " + link();
    if (!Files.exists(link(), LinkOption.NOFOLLOW_LINKS)) {
      throw new DeployException.Usage("the link " + link() + " does not exist", make);
    }
    if (!Files.isSymbolicLink(link())) {
      throw new DeployException.Usage(
          link() + " is not a symbolic link, so it cannot be switched to another release",
          "move it to releases/<version>, then " + make);
    }
    if (!Files.isDirectory(link())) {
      throw new DeployException.Usage(
          "the link " + link() + " names " + target() + ", which is not a folder",
          "point it to a release: ln -sfn releases/<version> " + link());
    }
    return real(link());
  }

  /** Points the link to a release, in one step that nobody sees the middle of. */
  void switchTo(Path release, String run) {
    if (Files.isDirectory(link()) && real(link()).equals(release)) {
      return;
    }
    Path temporary = directory.resolve("." + CURRENT + "-" + run);
    Path root = real(directory);
    Path target = release.startsWith(root) ? root.relativize(release) : release;
    try {
      Files.deleteIfExists(temporary);
      Files.createSymbolicLink(temporary, target);
      Files.move(temporary, link(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the link "
                  + link()
                  + " could not be switched to "
                  + target
                  + ": "
                  + IoFailure.describe(e),
              "check that this user may write to " + directory),
          e);
    }
  }

  /** The version that a release's folder is named for. */
  static Optional<Version> versionOf(Path release) {
    return Version.tryParse(nameOf(release));
  }

  /** What to call a release: its tag, or the folder's name where that is no version. */
  static String label(Path release) {
    return versionOf(release).map(Version::tag).orElseGet(() -> nameOf(release));
  }

  private static String nameOf(Path release) {
    Path name = release.getFileName();
    return name == null ? release.toString() : name.toString();
  }

  private String target() {
    try {
      return Files.readSymbolicLink(link()).toString();
    } catch (IOException e) {
      return "nothing";
    }
  }

  static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the folder " + path + " cannot be read: " + e.getMessage(),
          "check that it exists and that this user may read it");
    }
  }
}
