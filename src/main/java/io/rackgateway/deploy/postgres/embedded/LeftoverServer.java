package io.rackgateway.deploy.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL server whose owner was killed before it could end it. */
final class LeftoverServer {

  private static final long END_SECONDS = 10;

  private LeftoverServer() {}

  /** Ends the server that works on the data folder, if one does. Its data is lost. */
  static void end(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return;
    }
    List<String> lines = Files.readAllLines(file);
    long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.get(0).strip());
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    // The process id may be another's by now; the data folder is on the server's command line.
    if (process == null || !commandLine(pid).contains(data.toString())) {
      return;
    }
    process.destroyForcibly();
    try {
      process.onExit().get(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending the server with process id " + pid, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the server with process id " + pid + " did not end", e);
    }
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }
}
