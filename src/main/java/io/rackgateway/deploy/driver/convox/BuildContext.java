package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.buildcontext.BuildArchive;
import io.rackgateway.deploy.buildcontext.BuildFiles;
import io.rackgateway.deploy.buildcontext.BuildSelection;
import io.rackgateway.deploy.buildcontext.Megabytes;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a rack is sent to build from: the manifest alone where every service runs an image, else the
 * manifest's folder. The same files give the same bytes.
 */
final class BuildContext {

  private static final String GATE = "build-context";

  private final Path manifest;
  private final Path folder;
  private final Set<Path> own;

  /**
   * @param manifest where it is
   * @param own where this tool keeps its own files, which are no part of the app
   */
  BuildContext(Path manifest, Set<Path> own) {
    this.manifest = manifest;
    Path parent = manifest.toAbsolutePath().getParent();
    this.folder = parent == null ? manifest.toAbsolutePath() : parent;
    this.own =
        own.stream()
            .filter(path -> !folder.startsWith(path))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether there is something to be built, and what would be sent. */
  Gate gate(ConvoxManifest read) {
    List<BuiltService> built = read.built();
    for (BuiltService service : built) {
      Optional<Gate> refusal = refusal(service);
      if (refusal.isPresent()) {
        return refusal.get();
      }
    }
    try {
      return Gate.pass(
          GATE,
          files(built)
              .map(BuildContext::describe)
              .orElse("the manifest alone is sent: every service runs an image"));
    } catch (DeployException.Usage e) {
      return Gate.block(GATE, e.problem().summary(), e.problem().next());
    }
  }

  /** What the rack would fail on after everything has been sent. */
  private Optional<Gate> refusal(BuiltService service) {
    if (service.interpolated()) {
      return Optional.empty();
    }
    if (service.outside()) {
      return Optional.of(
          Gate.block(
              GATE,
              "service '"
                  + service.name()
                  + "' is built from "
                  + service.path()
                  + ", which is not in the manifest's folder "
                  + folder,
              "racks get that folder alone: move the manifest, or the source into it"));
    }
    Path dockerfile = folder.resolve(service.file());
    return Files.exists(dockerfile)
        ? Optional.empty()
        : Optional.of(
            Gate.block(
                GATE,
                "service '"
                    + service.name()
                    + "' would be built by "
                    + dockerfile
                    + ", which is not there",
                "name its folder in 'build', or give it 'image:'"));
  }

  private Optional<BuildFiles> files(List<BuiltService> built) {
    if (built.isEmpty()) {
      return Optional.empty();
    }
    Set<String> always =
        built.stream()
            .filter(service -> !service.interpolated())
            .map(BuiltService::file)
            .collect(Collectors.toSet());
    return Optional.of(BuildFiles.of(folder, new BuildSelection(always, own)));
  }

  private static String describe(BuildFiles files) {
    int links = files.links();
    return String.format(Locale.ROOT, "%,d", files.count())
        + (files.count() == 1 ? " file (" : " files (")
        + Megabytes.of(files.bytes())
        + " before compression) are sent to be built"
        + (links == 0 ? "" : ", and symbolic links (" + links + "), which racks leave out");
  }

  /**
   * What it packed.
   *
   * @param archive a temporary file, which is the caller's to delete
   * @param files in words; empty where it is the manifest alone
   */
  record Packed(Path archive, Optional<String> files) {}

  /**
   * Packs it, with another manifest in the place of the one that is there.
   *
   * @param edited the manifest that is sent
   * @param pause called again and again; what it throws ends the work
   * @throws DeployException.StepFailed if something cannot be read or written
   */
  Packed pack(byte[] edited, Runnable pause) {
    String name = String.valueOf(manifest.getFileName());
    BuildArchive archive = new BuildArchive(Map.of(name, edited), pause);
    try {
      Optional<BuildFiles> files = files(ConvoxManifest.parse(manifest.toString(), edited).built());
      return files
          .map(found -> new Packed(archive.pack(found), Optional.of(describe(found))))
          .orElseGet(() -> new Packed(archive.pack(), Optional.empty()));
    } catch (DeployException.Usage e) {
      throw new DeployException.StepFailed(e.problem());
    }
  }
}
