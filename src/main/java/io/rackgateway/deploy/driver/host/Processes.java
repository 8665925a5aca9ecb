package io.rackgateway.deploy.driver.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Linux tells of processes under {@code /proc}. Elsewhere it tells less: no process is found
 * by its environment, and none says which release it runs from.
 */
final class Processes {

  /** A start instant read from the kernel may be early by up to a second. */
  private static final Duration START_ERROR = Duration.ofSeconds(2);

  private final Releases releases;

  Processes(Releases releases) {
    this.releases = releases;
  }

  /** True when the process exists and has not ended. */
  static boolean alive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() && !zombie(pid);
  }

  /** When the process started, if it is alive and that can be told. */
  static Optional<Instant> startOf(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
  }

  /** The outermost living processes whose environment holds the entry {@code NAME=VALUE}. */
  static List<Long> carrying(String entry) {
    List<Long> all =
        ProcessHandle.allProcesses()
            .map(ProcessHandle::pid)
            .filter(pid -> environmentHolds(pid, entry) && !zombie(pid))
            .toList();
    return all.stream()
        .filter(
            pid ->
                ProcessHandle.of(pid)
                    .flatMap(ProcessHandle::parent)
                    .filter(parent -> all.contains(parent.pid()))
                    .isEmpty())
        .toList();
  }

  /**
   * The release that a process runs from: the one its working directory or its program is in, else
   * what the link {@code current} names if it started after the link was made.
   */
  @Nullable Path releaseOf(long pid) {
    for (String link : List.of("cwd", "exe")) {
      try {
        Optional<Path> release = releases.containing(proc(pid, link).toRealPath());
        if (release.isPresent()) {
          return release.get();
        }
      } catch (IOException e) {
        // Another user's process, or not Linux: try what is left.
      }
    }
    return releaseByTime(pid);
  }

  private @Nullable Path releaseByTime(long pid) {
    Path link = releases.link();
    try {
      Instant made = Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS).toInstant();
      boolean after =
          startOf(pid).filter(start -> start.isAfter(made.plus(START_ERROR))).isPresent();
      return after ? link.toRealPath() : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean environmentHolds(long pid, String entry) {
    try {
      String text = new String(Files.readAllBytes(proc(pid, "environ")), StandardCharsets.UTF_8);
      return ("\0" + text).contains("\0" + entry + "\0");
    } catch (IOException e) {
      // It ended meanwhile, is another user's, or this is not Linux.
      return false;
    }
  }

  /** An ended process that its parent has not asked after yet still has a process id. */
  private static boolean zombie(long pid) {
    try {
      String stat = new String(Files.readAllBytes(proc(pid, "stat")), StandardCharsets.ISO_8859_1);
      int state = stat.lastIndexOf(')') + 2;
      return state < stat.length() && "ZX".indexOf(stat.charAt(state)) >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Path proc(long pid, String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
