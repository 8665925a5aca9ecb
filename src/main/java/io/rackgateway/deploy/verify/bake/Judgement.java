package io.rackgateway.deploy.verify.bake;

import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What several findings come to: the worst of them, told first. */
final class Judgement {

  private Judgement() {}

  static Finding of(List<Finding> findings) {
    List<Finding> sorted =
        findings.stream().sorted(Comparator.comparing(finding -> rank(finding.verdict()))).toList();
    return new Finding(
        sorted.get(0).verdict(),
        sorted.stream().map(Finding::evidence).collect(Collectors.joining("; ")));
  }

  private static int rank(Verdict verdict) {
    return switch (verdict) {
      case FAIL -> 0;
      case WARN -> 1;
      case PASS -> 2;
      case SKIPPED -> 3;
    };
  }
}
