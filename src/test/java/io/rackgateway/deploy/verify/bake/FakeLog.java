package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.verify.PlatformStub;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A platform that has nothing but a log, which a test fills and can make break off. */
final class FakeLog extends PlatformStub {

  private record Line(Instant at, String text) {}

  private final List<Line> lines = new ArrayList<>();

  /** How often each line was handed out in readings that came to their end. */
  final Map<String, Integer> read = new HashMap<>();

  /** How many readings break off half-way before one does not. */
  int breaksOff;

  int readings;

  void add(Instant at, String text) {
    lines.add(new Line(at, text));
  }

  void request(Instant at, int status, long millis) {
    add(
        at,
        """
        {"ts":"%s","method":"GET","path":"/api/v1/rack-proxy/apps","status":%d,"latency_ms":%d,"request_id":"%d"}"""
            .formatted(at, status, millis, lines.size()));
  }

  @Override
  public void readLogs(Instant since, Instant until, LogReader reader) {
    readings++;
    List<Line> wanted =
        lines.stream()
            .filter(line -> !line.at.isBefore(since) && (until == null || line.at.isBefore(until)))
            .toList();
    if (breaksOff > 0) {
      breaksOff--;
      wanted.subList(0, wanted.size() / 2).forEach(l -> reader.line("gateway-1", l.at, l.text));
      throw new DeployException.StepFailed("the log broke off: unexpected end", "look at it");
    }
    for (Line line : wanted) {
      read.merge(line.text, 1, Integer::sum);
      reader.line("gateway-1", line.at, line.text);
    }
  }
}
