package io.rackgateway.deploy.verify.platform;

import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Instance;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every instance runs what it should, and serves. Waits for instances that are still starting; a
 * wrong image is final.
 */
public final class InstancesCheck implements CheckRunner {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int IMAGE_LENGTH = 19;

  private final DeployDriver driver;
  private final VerifyConfig config;
  private final Waits waits;

  public InstancesCheck(DeployDriver driver, VerifyConfig config, Waits waits) {
    this.driver = driver;
    this.config = config;
    this.waits = waits;
  }

  @Override
  public String name() {
    return "instances";
  }

  @Override
  public Finding run(Expectation expectation) {
    return waits
        .until(
            "every instance to serve",
            expectation.patient() ? config.timeout() : Duration.ZERO,
            POLL,
            new Waits.Wakeup(),
            () -> look(expectation.image()))
        .orElseGet(() -> Finding.fail(notServing(driver.observe().instances())));
  }

  private Optional<Finding> look(@Nullable String image) {
    List<Instance> instances = driver.observe().instances();
    if (!instances.isEmpty()) {
      String expected = image == null ? instances.get(0).image() : image;
      List<Instance> others =
          instances.stream().filter(instance -> !instance.image().equals(expected)).toList();
      if (!others.isEmpty()) {
        return Optional.of(Finding.fail(wrong(others, instances.size(), expected)));
      }
    }
    if (!instances.isEmpty() && instances.stream().allMatch(Instance::serving)) {
      return Optional.of(Finding.pass(serving(instances)));
    }
    Optional<Problem> failure = driver.failure();
    if (failure.isPresent()) {
      throw new DeployException.StepFailed(failure.get());
    }
    return Optional.empty();
  }

  private static String wrong(List<Instance> others, int all, String expected) {
    String named =
        others.stream()
            .map(
                instance ->
                    "instance "
                        + instance.name()
                        + " runs "
                        + shorten(instance.image())
                        + " ("
                        + instance.reference()
                        + ")")
            .collect(Collectors.joining(", "));
    return (all > 1 ? others.size() + " of " + all + " instances: " : "")
        + named
        + ", expected "
        + shorten(expected);
  }

  private static String serving(List<Instance> instances) {
    return (instances.size() == 1 ? "1 instance serves" : instances.size() + " instances serve")
        + ", on "
        + shorten(instances.get(0).image())
        + " ("
        + instances.get(0).reference()
        + ")";
  }

  private static String notServing(List<Instance> instances) {
    if (instances.isEmpty()) {
      return "there is no instance";
    }
    return instances.stream()
        .filter(instance -> !instance.serving())
        .map(
            instance ->
                "instance "
                    + instance.name()
                    + " is "
                    + instance.state().label()
                    + (instance.detail() == null ? "" : " (" + instance.detail() + ")"))
        .collect(Collectors.joining("; "));
  }

  /** An image id is recognised by its first twelve digits. */
  private static String shorten(String image) {
    return image.startsWith("sha256:") && image.length() > IMAGE_LENGTH
        ? image.substring(0, IMAGE_LENGTH)
        : image;
  }
}
