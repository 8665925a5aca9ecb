package io.rackgateway.deploy.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.testing.ConvoxRackStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures upgrades on a rack, for {@code bench/convox}: {@code ROUNDS LATENCY_MILLIS}. The rack
 * takes its steps by the clock here, as real ones do, and not by being looked at.
 */
final class ConvoxFigures {

  /** Pending, running, old one gone, twice, and the end: a rollout of two copies. */
  private static final long STEP_MILLIS = 1900;

  private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private ConvoxFigures() {}

  /**
   * What one upgrade took.
   *
   * @param told from the rack's being done to the tool's saying so, in ms
   * @param perSecond calls each second of the rollout
   * @param rollout how long the rack took for it, in ms
   * @param calls how many there were before and after the rollout
   */
  private record Round(long told, double perSecond, long rollout, int calls) {}

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[0]);
    Duration latency = Duration.ofMillis(Long.parseLong(arguments[1]));
    Path folder = Files.createTempDirectory("rgd-bench-convox");
    List<Round> all = new ArrayList<>();
    try (HostSite host = HostSite.prepare(folder)) {
      for (int round = 0; round < rounds; round++) {
        try (ConvoxSite site = ConvoxSite.at(host)) {
          site.rack.latency(latency);
          all.add(round(site));
        }
      }
    } finally {
      HostSite.delete(folder);
    }
    List<Long> told = all.stream().map(Round::told).sorted().toList();
    System.out.printf(
        "from the rack's being done to saying so, median (most), ms: %d (%d)%n",
        told.get(told.size() / 2), Collections.max(told));
    System.out.printf(
        "calls a second while a rollout of %.1f s is waited for, most: %.2f%n",
        all.get(0).rollout() / 1000.0,
        all.stream().mapToDouble(Round::perSecond).max().orElseThrow());
    int calls = all.get(0).calls();
    System.out.printf(
        "calls of the run beside that: %d, which take %d ms at %d ms each%n",
        calls, calls * latency.toMillis(), latency.toMillis());
  }

  private static Round round(ConvoxSite site) throws Exception {
    ConvoxRackStandIn rack = site.rack;
    rack.stepsByHand(true);
    Tool.Started upgrade = site.upgrade();
    while (rack.status().equals("running")) {
      require(upgrade);
      LockSupport.parkNanos(SAMPLE_NANOS);
    }
    long began = System.nanoTime();
    int before = rack.calls().size();
    for (long steps = 1; rack.status().equals("updating"); steps++) {
      LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(steps * STEP_MILLIS) - (System.nanoTime() - began));
      rack.advance();
    }
    Instant done = Instant.now();
    Duration rollout = Duration.ofNanos(System.nanoTime() - began);
    int waiting = rack.calls().size() - before;
    upgrade.end().withExitCode(0);
    Instant told = said(upgrade.eventFile());
    return new Round(
        Duration.between(done, told).toMillis(),
        waiting * 1000.0 / rollout.toMillis(),
        rollout.toMillis(),
        rack.calls().size() - waiting);
  }

  private static void require(Tool.Started upgrade) throws Exception {
    if (!upgrade.process().isAlive()) {
      throw new IllegalStateException(upgrade.end().toString());
    }
  }

  private static Instant said(Path events) throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (String line : Files.readAllLines(events)) {
      JsonNode event = json.readTree(line);
      if (event.path("type").asText().equals("effect-finished")
          && event.path("name").asText().equals("await-rollout")) {
        return Instant.parse(event.path("time").asText());
      }
    }
    throw new IllegalStateException("the rollout's end was not told");
  }
}
