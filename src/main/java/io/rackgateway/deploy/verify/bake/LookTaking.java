package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Look;
import io.rackgateway.deploy.model.Traffic;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.ProbeCount;
import io.rackgateway.deploy.verify.Watch.Looking;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** One look after an upgrade: what was logged since the look before, judged with all before it. */
final class LookTaking {

  private static final Duration LAG = Duration.ofSeconds(1);

  private final LogStretch log;

  LookTaking(LogStretch log) {
    this.log = log;
  }

  Look take(Looking looking, Instant now) {
    Shares shares = new Shares(looking.limits(), looking.before(), 1);
    Instant from = looking.since().truncatedTo(ChronoUnit.SECONDS);
    for (Look earlier : looking.earlier()) {
      if (earlier.until().isAfter(earlier.from())) {
        shares.look(elapsed(looking, earlier.until()), earlier.traffic());
        from = earlier.until();
      }
    }
    Instant end = looking.since().plus(looking.limits().period());
    Instant until = now.minus(LAG).truncatedTo(ChronoUnit.SECONDS);
    if (until.isAfter(end)) {
      until = end.truncatedTo(ChronoUnit.SECONDS);
    }
    List<Finding> findings = new ArrayList<>();
    Traffic traffic = Traffic.NONE;
    if (until.isAfter(from)) {
      try {
        traffic = log.read(from, until);
        shares.look(elapsed(looking, until), traffic);
      } catch (DeployException.StepFailed e) {
        until = from;
        findings.add(
            Finding.warn(
                "the log could not be read and is read at the next look: "
                    + e.problem().summary()));
      }
    } else {
      until = from;
    }
    findings.addAll(shares.findings());
    findings.add(probed(looking.probes()));
    Finding judged = Judgement.of(findings);
    return new Look(
        looking.run(),
        now,
        from,
        until,
        traffic,
        looking.probes().probes(),
        looking.probes().failures(),
        judged.verdict(),
        judged.evidence());
  }

  /** One of a handful may fail over any network. */
  private static Finding probed(ProbeCount probes) {
    if (probes.probes() == 0) {
      return Finding.warn("no health probe was sent");
    }
    String told =
        probes.failures()
            + " of "
            + probes.probes()
            + " health probes failed"
            + (probes.problem() == null ? "" : " (" + probes.problem() + ")");
    if (probes.failures() == 0) {
      return Finding.pass(told);
    }
    return probes.failures() == probes.probes() ? Finding.fail(told) : Finding.warn(told);
  }

  private static double elapsed(Looking looking, Instant until) {
    return (double) Duration.between(looking.since(), until).toMillis()
        / looking.limits().period().toMillis();
  }
}
