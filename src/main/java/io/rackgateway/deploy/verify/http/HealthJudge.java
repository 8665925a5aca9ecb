package io.rackgateway.deploy.verify.http;

import java.util.Optional;

/** What a good answer of the health endpoint is. */
final class HealthJudge {

  private final String service;

  HealthJudge(String service) {
    this.service = service;
  }

  /** What is wrong with the answer, if anything is. */
  Optional<String> problem(Answer answer) {
    if (answer.status() != 200) {
      return Optional.of(answer.statusProblem());
    }
    if (!answer.json().isObject()) {
      return Optional.of(answer.notJson());
    }
    String status = answer.json().path("status").asText("");
    if (!status.equals("ok")) {
      return Optional.of(
          status.isEmpty() ? "no status in its answer" : "it says that its status is " + status);
    }
    String found = answer.json().path("service").asText("");
    return found.equals(service)
        ? Optional.empty()
        : Optional.of(
            "service '" + found + "' answers there, expected '" + service + "' (verify.service)");
  }
}
