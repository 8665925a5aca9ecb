package io.rackgateway.deploy.verify;

import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.Deployment;
import io.rackgateway.deploy.driver.DriverPlan;
import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.driver.Surroundings;
import io.rackgateway.deploy.driver.Target;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A platform that says what a test told it to. It deploys nothing. */
public class PlatformStub implements DeployDriver {

  public final AtomicReference<Problem> failure = new AtomicReference<>();
  public final Deque<List<Instance>> observations = new ArrayDeque<>();
  public List<String> logs = List.of();

  /** What the instances logged, instead of {@link #logs}; may break off. */
  public Consumer<LogReader> stream;

  /** What the instances answer from inside. */
  public List<InsideAnswer> inside = List.of();

  /** Since when log lines were asked for last. */
  public Instant askedSince;

  private final Deque<List<InsideAnswer>> insideInTurn = new ArrayDeque<>();

  /** What the instances answer from inside, one after another; then {@link #inside} again. */
  public void insideInTurn(List<List<InsideAnswer>> answers) {
    insideInTurn.addAll(answers);
  }

  /** The next look shows these instances; the last ones that were given stay. */
  public PlatformStub showing(List<Instance> instances) {
    observations.addLast(instances);
    return this;
  }

  @Override
  public String platform() {
    return "stub";
  }

  @Override
  public Observation observe() {
    List<Instance> instances =
        observations.size() > 1 ? observations.removeFirst() : observations.getFirst();
    return new Observation("stub", "here", "rack-gateway:v1.2.0", null, instances);
  }

  @Override
  public Optional<Problem> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public List<String> logs(Instant since) {
    return logs;
  }

  @Override
  public void readLogs(Instant since, Instant until, LogReader reader) {
    askedSince = since;
    if (stream == null) {
      DeployDriver.super.readLogs(since, until, reader);
    } else {
      stream.accept(reader);
    }
  }

  @Override
  public List<InsideAnswer> askInside(String path, Duration timeout) {
    List<InsideAnswer> next = insideInTurn.pollFirst();
    return next == null ? inside : next;
  }

  @Override
  public DriverPlan plan(Observation observation, Target target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Surroundings surroundings(Observation observation, Target target) {
    return Surroundings.unknown();
  }

  @Override
  public List<Effect> effects(Phase phase, Deployment deployment) {
    return List.of();
  }

  @Override
  public Optional<String> resolve(String reference) {
    return Optional.empty();
  }

  @Override
  public Optional<Mark> findMark() {
    return Optional.empty();
  }

  @Override
  public void placeMark(Mark mark) {}

  @Override
  public void clearMark(RunId run) {}
}
