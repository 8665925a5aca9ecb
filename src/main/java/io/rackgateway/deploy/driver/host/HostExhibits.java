package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.config.HostConfig;
import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.driver.Variables;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What of this machine helps to find out why a gateway does not work. */
final class HostExhibits {

  private final HostConfig config;
  private final Releases releases;
  private final Service service;

  HostExhibits(HostConfig config, Releases releases, Service service) {
    this.config = config;
    this.releases = releases;
    this.service = service;
  }

  List<Exhibit> all(Consumer<String> secrets) {
    List<Exhibit> exhibits = new ArrayList<>();
    exhibits.add(new Exhibit("processes", "Processes", this::processes));
    exhibits.add(new Exhibit("releases", "Folder of the releases", this::folder));
    exhibits.add(
        new Exhibit("environment", "Variables of the gateway", () -> environment(secrets)));
    exhibits.addAll(service.exhibits());
    return exhibits;
  }

  private String processes() {
    List<String> lines = new ArrayList<>();
    lines.add("run by: " + service.name());
    List<Running> processes = service.processes();
    if (processes.isEmpty()) {
      lines.add("no process of the gateway is there");
    }
    for (Running process : processes) {
      Path release = process.release();
      lines.add("");
      lines.add("process " + process.pid() + ": " + process.state().label());
      lines.add("  release   " + (release == null ? "unknown" : release));
      if (process.detail() != null) {
        lines.add("  detail    " + process.detail());
      }
      Processes.startOf(process.pid())
          .ifPresent(at -> lines.add("  started   " + at.truncatedTo(ChronoUnit.SECONDS)));
      proc(process.pid(), "cmdline")
          .ifPresent(text -> lines.add("  command   " + text.replace('\0', ' ').strip()));
      proc(process.pid(), "status").ifPresent(text -> lines.addAll(memory(text)));
    }
    return String.join("\n", lines);
  }

  private static List<String> memory(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:") || line.startsWith("Threads:"))
        .map(line -> "  " + line.replaceAll("\\s+", " "))
        .toList();
  }

  private String folder() {
    List<String> lines = new ArrayList<>();
    lines.add("folder:  " + releases.directory());
    try {
      FileStore store = Files.getFileStore(releases.directory());
      lines.add(
          "disk:    "
              + (store.getUsableSpace() >> 20)
              + " MiB of "
              + (store.getTotalSpace() >> 20)
              + " MiB are free");
    } catch (IOException e) {
      lines.add("disk:    " + IoFailure.describe(e));
    }
    lines.add("current: " + link());
    for (Path each : List.of(releases.folder(), releases.directory().resolve("run"))) {
      lines.add("");
      lines.add(each + ":");
      lines.addAll(listed(each));
    }
    return String.join("\n", lines);
  }

  private String link() {
    try {
      String target = Files.readSymbolicLink(releases.link()).toString();
      return target + (Files.isDirectory(releases.link()) ? "" : "  (not there)");
    } catch (IOException | UnsupportedOperationException e) {
      return "no symbolic link";
    }
  }

  private static List<String> listed(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().map(HostExhibits::entry).toList();
    } catch (IOException e) {
      return List.of("  " + IoFailure.describe(e));
    }
  }

  private static String entry(Path path) {
    try {
      Instant at = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
      return "  %s  %10s  %s"
          .formatted(
              at.truncatedTo(ChronoUnit.SECONDS),
              Files.isDirectory(path) ? "folder" : Files.size(path) + " B",
              path.getFileName());
    } catch (IOException e) {
      return "  " + path.getFileName() + ": " + IoFailure.describe(e);
    }
  }

  /** Each source by itself: what a file says and what a process got may differ. */
  private String environment(Consumer<String> secrets) {
    List<String> lines = new ArrayList<>();
    Path file = config.environmentFile();
    if (file != null) {
      lines.add(file + ":");
      try {
        lines.add(Variables.names(EnvironmentFile.read(file), secrets));
      } catch (DeployException e) {
        lines.add("  " + e.problem().summary());
      }
    }
    for (Running process : service.processes()) {
      proc(process.pid(), "environ")
          .ifPresent(
              text -> {
                lines.add("");
                lines.add("process " + process.pid() + ":");
                lines.add(Variables.names(variables(text), secrets));
              });
    }
    return lines.isEmpty()
        ? "no environment file is configured, and no process of this user's runs"
        : String.join("\n", lines);
  }

  private static Map<String, String> variables(String environ) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String entry : environ.split("\0", -1)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        variables.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return variables;
  }

  private static Optional<String> proc(long pid, String name) {
    try {
      return Optional.of(
          new String(
              Files.readAllBytes(Path.of("/proc", Long.toString(pid), name)),
              StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended, is another user's, or this is not Linux: what is known otherwise has to do.
      return Optional.empty();
    }
  }
}
