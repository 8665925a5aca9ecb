package io.rackgateway.deploy.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Watches the command lines of all processes of this machine for texts that must not be there. */
final class CommandLines implements AutoCloseable {

  private final List<String> forbidden;
  private final Set<String> found = ConcurrentHashMap.newKeySet();
  private final Thread watcher = new Thread(this::watch, "command-lines");
  private volatile boolean closed;

  CommandLines(List<String> forbidden) {
    this.forbidden = forbidden;
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    while (!closed) {
      ProcessHandle.allProcesses().forEach(process -> look(process.pid()));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private void look(long pid) {
    try {
      String words =
          new String(
              Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")),
              StandardCharsets.UTF_8);
      if (forbidden.stream().anyMatch(words::contains)) {
        found.add(words.replace('\0', ' '));
      }
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** The command lines that held one of the texts. */
  Set<String> found() {
    return found;
  }

  @Override
  public void close() {
    closed = true;
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
