package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Bake;
import io.rackgateway.deploy.model.BakeLimits;
import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Measures;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.verify.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bake that takes no time and comes out as it was told to. It measures nothing. */
final class FakeWatch implements Watch {

  static final BakeLimits TEN_MINUTES =
      new BakeLimits(Duration.ofMinutes(10), 0.01, Duration.ofSeconds(2), 0);
  static final Baseline BASELINE =
      new Baseline(
          Instant.EPOCH,
          Instant.EPOCH.plusSeconds(900),
          new Traffic(900, 1, Map.of(5L, 900L)),
          Map.of());

  BakeLimits limits;
  Verdict verdict = Verdict.PASS;
  boolean unreadable;
  Runnable duringBake = () -> {};
  final List<Baking> bakings = new ArrayList<>();
  final List<Looking> lookings = new ArrayList<>();

  void reset() {
    limits = null;
    verdict = Verdict.PASS;
    unreadable = false;
    duringBake = () -> {};
    bakings.clear();
    lookings.clear();
  }

  @Override
  public Optional<BakeLimits> limits() {
    return Optional.ofNullable(limits);
  }

  @Override
  public Baseline before(Instant until) {
    if (unreadable) {
      throw new DeployException.StepFailed("no log today", "try tomorrow");
    }
    return BASELINE;
  }

  @Override
  public Bake bake(Baking baking) {
    bakings.add(baking);
    baking.progress().accept(bake(baking, 77, Verdict.SKIPPED));
    duringBake.run();
    return bake(baking, 100, verdict);
  }

  private static Bake bake(Baking baking, int probes, Verdict verdict) {
    return new Bake(
        baking.limits(),
        baking.since(),
        Duration.ofSeconds(probes),
        probes,
        0,
        null,
        probes,
        0,
        verdict,
        "as it was told to",
        Measures.of(BASELINE.traffic()));
  }

  @Override
  public Look look(Looking looking) {
    lookings.add(looking);
    return new Look(
        looking.run(),
        looking.since().plusSeconds(60L * (1 + looking.earlier().size())),
        looking.since(),
        looking.since(),
        Traffic.NONE,
        looking.probes().probes(),
        looking.probes().failures(),
        verdict,
        "as it was told to");
  }
}
