package io.rackgateway.deploy.verify.platform;

import java.util.List;
import java.util.Map;

/**
 * An error that instances logged, once or many times.
 *
 * @param signature what its lines have in common, see {@link ErrorSignature}
 * @param instances how often each instance logged it
 * @param excerpt the first such line between up to two lines before and after it, each cut; empty
 *     where too many other errors came first
 */
public record LoggedError(
    String signature, long times, Map<String, Long> instances, List<String> excerpt) {

  public LoggedError {
    instances = Map.copyOf(instances);
    excerpt = List.copyOf(excerpt);
  }
}
