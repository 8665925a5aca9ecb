package io.rackgateway.deploy.verify;

import org.jspecify.annotations.Nullable;

/**
 * Health probes and their outcomes.
 *
 * @param probes how many came to their end
 * @param failures how many of them were not answered well
 * @param problem what was wrong the last time; null when none failed
 */
public record ProbeCount(int probes, int failures, @Nullable String problem) {

  /** No probe at all. */
  public static final ProbeCount NONE = new ProbeCount(0, 0, null);

  /** Those that came after an earlier count. */
  public ProbeCount since(ProbeCount earlier) {
    int failed = failures - earlier.failures;
    return new ProbeCount(probes - earlier.probes, failed, failed > 0 ? problem : null);
  }
}
