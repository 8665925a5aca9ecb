package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Version;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings a release into {@code releases/}, all of it or nothing. */
final class Staging {

  private static final String PARTIAL = ".partial-";

  /** What upstream calls its program: the name of an artifact that is a single file. */
  private static final Path UPSTREAM = Path.of("rack-gateway-api");

  private final Releases releases;
  private final @Nullable String artifact;
  private final @Nullable Path program;
  private final Download download;

  /**
   * @param artifact where releases come from, with {@code {version}} or {@code {tag}} in it
   * @param program the gateway's program, relative to the release's folder; null when not known
   */
  Staging(Releases releases, @Nullable String artifact, @Nullable Path program, Download download) {
    this.releases = releases;
    this.artifact = artifact;
    this.program = program;
    this.download = download;
  }

  String describe(Version version) {
    String place = releases.place(version).toString();
    return artifact == null
        ? "check that " + place + " is there"
        : "stage " + place + " from " + Download.shown(source(artifact, version));
  }

  /** Whether the release is there or can be had, as far as that can be told without fetching it. */
  Gate gate(Version version) {
    Optional<Path> there = releases.find(version);
    if (there.isPresent()) {
      Path file = there.get().resolve(program == null ? Path.of("") : program).normalize();
      return Files.isExecutable(file)
          ? Gate.pass("release", version + " is in " + there.get())
          : Gate.block(
              "release",
              version + " is in " + there.get() + ", but " + file + " is no executable file",
              "put the program there and make it executable, or correct deploy.host.command");
    }
    if (artifact == null) {
      return Gate.block(
          "release", missing(version), "unpack the release there, or set deploy.host.artifact");
    }
    String source = source(artifact, version);
    if (isUrl(source)) {
      return Gate.pass("release", version + " will be fetched from " + Download.shown(source));
    }
    return Files.exists(local(source))
        ? Gate.pass("release", version + " will be staged from " + local(source))
        : Gate.block(
            "release",
            missing(version) + ", and there is no artifact " + local(source),
            "put the artifact there, or correct deploy.host.artifact");
  }

  /** Stages the release, unless it is there. */
  void stage(Version version, String run) {
    removePartials(version);
    if (releases.find(version).isPresent()) {
      return;
    }
    if (artifact == null) {
      throw new DeployException.StepFailed(
          missing(version), "unpack the release there, or set deploy.host.artifact");
    }
    String source = source(artifact, version);
    Path partial = releases.folder().resolve("." + version.tag() + PARTIAL + run);
    try {
      Files.createDirectories(partial);
      fill(source, partial);
      Path content = contentOf(partial);
      force(content);
      Files.move(content, releases.place(version), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              missing(version)
                  + ", and it could not be staged from "
                  + Download.shown(source)
                  + ": "
                  + reason(e),
              "put the release there yourself, or correct deploy.host.artifact"),
          e);
    } finally {
      removePartials(version);
    }
  }

  private void fill(String source, Path partial) throws IOException {
    if (isUrl(source)) {
      Path file = partial.resolveSibling(partial.getFileName() + ".download");
      download.fetch(source, file);
      unpack(file, partial);
    } else if (Files.isDirectory(local(source))) {
      copyFolder(local(source), partial);
    } else if (Files.exists(local(source))) {
      unpack(local(source), partial);
    } else {
      throw new IOException("no such file or folder");
    }
  }

  private void unpack(Path file, Path partial) throws IOException {
    if (TarGz.isOne(file)) {
      TarGz.unpack(file, partial);
      return;
    }
    Path target = partial.resolve(program == null ? UPSTREAM : program).normalize();
    Files.createDirectories(target.getParent());
    Files.copy(file, target);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** An archive may hold the release itself, or one folder that holds it. */
  private Path contentOf(Path partial) throws IOException {
    if (program != null && Files.exists(partial.resolve(program))) {
      return partial;
    }
    try (Stream<Path> children = Files.list(partial)) {
      List<Path> all = children.toList();
      boolean one = all.size() == 1 && Files.isDirectory(all.get(0), LinkOption.NOFOLLOW_LINKS);
      return one ? all.get(0) : partial;
    }
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(from)) {
      all = walk.toList();
    }
    for (Path each : all) {
      Path target = to.resolve(from.relativize(each).toString());
      if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(target);
      } else {
        Files.copy(each, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** To the disk before the name appears: after a loss of power there is no half release. */
  private static void force(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** What a killed run, or this one, left half-staged. */
  private void removePartials(Version version) {
    if (!Files.isDirectory(releases.folder())) {
      return;
    }
    try (Stream<Path> children = Files.list(releases.folder())) {
      for (Path child : children.toList()) {
        if (child.getFileName().toString().startsWith("." + version.tag() + PARTIAL)) {
          remove(child);
        }
      }
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "what an earlier run left in "
                  + releases.folder()
                  + " could not be removed: "
                  + IoFailure.describe(e),
              "remove ." + version.tag() + PARTIAL + "* there"),
          e);
    }
  }

  private static void remove(Path path) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }

  private String missing(Version version) {
    return "release "
        + version
        + " is not in "
        + releases.place(version)
        + " (nor in "
        + version.number()
        + ")";
  }

  private Path local(String source) {
    return releases.directory().resolve(source);
  }

  private static String source(String artifact, Version version) {
    return artifact.replace("{version}", version.number()).replace("{tag}", version.tag());
  }

  private static boolean isUrl(String source) {
    return source.startsWith("http://") || source.startsWith("https://");
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
