package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.Exhibit;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Observation;
import io.rackgateway.deploy.model.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The guide's "check pod or container status" and "check events". */
final class PlatformParts {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Supplier<DeployDriver> driver;
  private final ErrorLines errors;
  private final Findings findings;

  PlatformParts(Supplier<DeployDriver> driver, ErrorLines errors, Findings findings) {
    this.driver = driver;
    this.errors = errors;
    this.findings = findings;
  }

  List<Part> all(Instant since, Consumer<String> secrets) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("instances", "Instances", LIMIT, this::instances));
    try {
      for (Exhibit exhibit : driver.get().exhibits(since, secrets)) {
        parts.add(new Part(exhibit.name(), exhibit.title(), LIMIT, () -> exhibit.text().get()));
      }
    } catch (DeployException e) {
      // The first part says it, too.
      findings.add(Findings.Rank.PLATFORM, e.problem().summary());
    }
    return parts;
  }

  private String instances() {
    Observation observation;
    try {
      observation = driver.get().observe();
    } catch (DeployException e) {
      findings.add(Findings.Rank.PLATFORM, e.problem().summary());
      throw e;
    }
    List<String> lines = new ArrayList<>();
    lines.add("where:    " + observation.location());
    lines.add("names:    " + observation.reference());
    // The platform's own words first, as they come with the reason.
    Optional<Problem> failure = driver.get().failure();
    failure.ifPresent(problem -> findings.add(Findings.Rank.INSTANCE, errors.explained(problem)));
    judge(observation);
    for (Instance instance : observation.instances()) {
      lines.add("");
      lines.add(instance.name() + ": " + instance.state().label());
      if (instance.detail() != null) {
        lines.add("  detail  " + instance.detail());
      }
      lines.add("  runs    " + instance.reference());
      lines.add("          " + instance.image());
    }
    failure.ifPresent(
        problem -> {
          lines.add("");
          lines.add(problem.summary());
          problem.details().forEach(line -> lines.add("  " + line));
        });
    return String.join("\n", lines);
  }

  private void judge(Observation observation) {
    List<Instance> instances = observation.instances();
    if (instances.isEmpty()) {
      findings.add(
          Findings.Rank.INSTANCE, observation.location() + ": no instance of the gateway is there");
      return;
    }
    for (Instance instance : instances) {
      if (!instance.serving()) {
        String detail = instance.detail();
        findings.add(
            Findings.Rank.INSTANCE,
            instance.name()
                + " is "
                + instance.state().label()
                + (detail == null ? "" : ": " + detail));
      }
    }
    String running =
        instances.stream()
            .map(Instance::reference)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    if (!running.equals(observation.reference())) {
      findings.add(
          Findings.Rank.SURROUNDINGS,
          observation.reference() + " should run, but what runs is " + running);
    }
  }
}
