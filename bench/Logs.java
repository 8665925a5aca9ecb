import io.rackgateway.deploy.config.LoginConfig;
import io.rackgateway.deploy.config.RackReadConfig;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.process.Lines;
import io.rackgateway.deploy.verify.platform.LogScan;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A gateway's log to scan: {@code Logs make FILE MEGABYTES} writes one, a line in ten of Go's log package and nine audit
 * records, one line in a thousand an error; {@code Logs scan FILE} looks through it as {@code verify} does, and prints
 * what it found and how long that took, in milliseconds.
 */
public final class Logs {

  private static final long MEGABYTE = 1_000_000;

  private Logs() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[1]);
    if (arguments[0].equals("make")) {
      make(file, Long.parseLong(arguments[2]) * MEGABYTE);
    } else {
      scan(file);
    }
  }

  private static void make(Path file, long bytes) throws IOException {
    Random random = new Random(1);
    long written = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      for (long i = 0; written < bytes; i++) {
        byte[] line = line(i, random).getBytes(StandardCharsets.UTF_8);
        out.write(line);
        written += line.length;
      }
    }
  }

  private static String line(long i, Random random) {
    String time = "2026/01/15 03:%02d:%02d".formatted(i / 60_000 % 60, i / 1_000 % 60);
    if (i % 1_000 == 0) {
      return time + " ERROR rack proxy: dial tcp 10.0.0." + random.nextInt(255) + ":443: connection refused\n";
    }
    if (i % 10 == 0) {
      return time + " [request " + Long.toHexString(random.nextLong()) + "] served from cache in " + random.nextInt(90) + "ms\n";
    }
    return ("{\"ts\":\"2026-01-15T03:15:07Z\",\"user_email\":\"user%d@example.com\",\"action_type\":\"convox\",\"action\":\"rack.read\","
            + "\"resource\":\"/api/v1/rack-proxy/apps/web%d\",\"status\":\"success\",\"rbac_decision\":\"allow\",\"http_status\":%d,"
            + "\"latency_ms\":%d}\n")
        .formatted(random.nextInt(500), random.nextInt(90), random.nextInt(1_000) == 0 ? 502 : 200, random.nextInt(300));
  }

  private static void scan(Path file) throws IOException {
    VerifyConfig config =
        new VerifyConfig(
            Duration.ofMinutes(1),
            3,
            "rack-gateway",
            "(?i)\\b(panic|fatal|error)\\b",
            List.of("context canceled"),
            null,
            14,
            Duration.ofMinutes(15),
            new LoginConfig(true, "/", null, null),
            new RackReadConfig(true, "/"),
            List.of(),
            null);
    long start = System.nanoTime();
    LogScan scan = new LogScan(config);
    try (InputStream in = Files.newInputStream(file)) {
      Lines.read(in, line -> scan.line("gateway-1", null, line));
    }
    System.out.printf(
        "lines=%d errors=%d kinds=%d failed_requests=%d ms=%d%n",
        scan.lines(),
        scan.signatures().values().stream().mapToLong(Integer::longValue).sum(),
        scan.signatures().size(),
        scan.serverErrors(),
        (System.nanoTime() - start) / 1_000_000);
  }
}
