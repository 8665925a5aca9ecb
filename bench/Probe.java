import com.sun.net.httpserver.HttpServer;
import com.sun.management.OperatingSystemMXBean;
import io.rackgateway.deploy.config.ConfigLoader;
import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.ProbeConfig;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.verify.AvailabilityProbe.Measurement;
import io.rackgateway.deploy.verify.http.HttpAvailabilityProbe;
import io.rackgateway.deploy.verify.http.HttpGateway;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;

/**
 * The availability probe by itself: Probe SECONDS measures what probing 20 times a second costs and how punctual it is, against
 * a server in a process of its own (Probe serve), which prints the time at which each request came.
 *
 * <p>The timing error of a probe is how far its arrival is from the beat: from the beginning of the probing plus a whole number
 * of intervals, with the median taken as the beginning. What the loopback takes is part of it.
 */
final class Probe {

  private static final String HEALTHY = "{\"status\":\"ok\",\"service\":\"rack-gateway\"}";
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final int WARM_UP_SECONDS = 20;

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("serve")) {
      serve();
    } else {
      measure(Integer.parseInt(arguments[0]));
    }
  }

  private static void serve() throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    byte[] body = HEALTHY.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          long came = System.nanoTime();
          try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
          System.out.println(came);
        });
    server.start();
    System.out.println(server.getAddress().getPort());
    System.in.read();
    System.exit(0);
  }

  private static void measure(int seconds) throws Exception {
    Process server =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "Probe", "serve")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader told = server.inputReader(StandardCharsets.UTF_8)) {
      int port = Integer.parseInt(told.readLine());
      List<Long> came = new ArrayList<>();
      Thread reader = new Thread(() -> told.lines().map(Long::parseLong).forEach(time -> {
        synchronized (came) {
          came.add(time);
        }
      }));
      reader.setDaemon(true);
      reader.start();
      double share;
      try {
        share = probe(port, seconds, came);
      } finally {
        // Before its output is closed, which the thread that reads it would hold up for ever.
        server.destroy();
        reader.join();
      }
      List<Long> times;
      synchronized (came) {
        times = List.copyOf(came);
      }
      System.out.printf("probes=%d error_us=%d p99_us=%d core_permille=%d%n",
          times.size(), error(times, 50), error(times, 99), Math.round(share * 1000));
    }
  }

  private static double probe(int port, int seconds, List<Long> came) throws Exception {
    Path file = Files.createTempFile("probe", ".yml");
    Files.writeString(file, """
        gateway: {name: bench, url: "http://127.0.0.1:%d"}
        deploy: {host: {directory: ., command: [./gateway]}}
        """.formatted(port));
    Configuration configuration = ConfigLoader.load(file, Map.of(), Map.of(), new Secrets());
    Files.delete(file);
    HttpAvailabilityProbe probe =
        new HttpAvailabilityProbe(
            new HttpGateway(new OkHttpClient(), configuration.gateway()),
            configuration.gateway(),
            configuration.verify(),
            new ProbeConfig(true, INTERVAL, Duration.ofSeconds(2)),
            Clock.systemUTC(),
            Events.none());
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    try (Measurement measurement = probe.start()) {
      Thread.sleep(WARM_UP_SECONDS * 1000L);
      synchronized (came) {
        came.clear();
      }
      long processor = system.getProcessCpuTime();
      long start = System.nanoTime();
      Thread.sleep(seconds * 1000L);
      return (double) (system.getProcessCpuTime() - processor) / (System.nanoTime() - start);
    }
  }

  /** The error that so many of 100 probes stay within, in microseconds. */
  private static long error(List<Long> times, int percent) {
    long interval = INTERVAL.toNanos();
    long first = times.get(0);
    List<Long> phases = new ArrayList<>();
    for (long time : times) {
      long phase = Math.floorMod(time - first, interval);
      phases.add(phase > interval / 2 ? phase - interval : phase);
    }
    phases.sort(null);
    long middle = phases.get(phases.size() / 2);
    List<Long> errors = phases.stream().map(phase -> Math.abs(phase - middle)).sorted().toList();
    return errors.get(Math.min(errors.size() - 1, errors.size() * percent / 100)) / 1000;
  }
}
