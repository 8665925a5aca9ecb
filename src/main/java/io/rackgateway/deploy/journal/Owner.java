package io.rackgateway.deploy.journal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A process that can hold a lease.
 *
 * @param host the machine's name and, where it can be had, its boot: two machines of one name are
 *     told apart
 * @param pid process id on that machine
 * @param processStart when that process started, in milliseconds since the epoch: tells a reused
 *     process id
 */
public record Owner(String host, long pid, long processStart) {

  /** This process. */
  public static Owner self() {
    ProcessHandle self = ProcessHandle.current();
    return new Owner(hostName(), self.pid(), startOf(self));
  }

  /**
   * True when the owner was a process of this machine and is gone; false when it lives or nobody
   * here can know.
   */
  public boolean knownDead() {
    return host.equals(hostName())
        && ProcessHandle.of(pid).filter(process -> startOf(process) == processStart).isEmpty();
  }

  private static long startOf(ProcessHandle process) {
    return process
        .info()
        .startInstant()
        .map(Instant::toEpochMilli)
        .orElseGet(() -> ManagementFactory.getRuntimeMXBean().getStartTime());
  }

  private static String hostName() {
    try {
      return machine()
          + "/"
          + Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).substring(0, 8);
    } catch (IOException e) {
      return machine();
    }
  }

  private static String machine() {
    String fromEnvironment = System.getenv("HOSTNAME");
    if (fromEnvironment != null && !fromEnvironment.isBlank()) {
      return fromEnvironment;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public String toString() {
    return host + ", process " + pid;
  }
}
