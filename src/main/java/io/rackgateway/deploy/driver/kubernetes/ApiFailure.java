package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** What an API server's refusal, or its silence, means for a person. */
final class ApiFailure {

  /** Statuses that pass by themselves: too many requests, and a server that is being restarted. */
  private static final Set<Integer> PASSING = Set.of(429, 500, 502, 503, 504);

  private ApiFailure() {}

  /** Whether the same call may succeed a little later. */
  static boolean passing(KubernetesClientException e) {
    if (PASSING.contains(e.getCode())) {
      // A webhook's or a quota's refusal comes with a reason of its own.
      return !message(e).contains("admission webhook");
    }
    if (e.getCode() != 0) {
      return false;
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  /**
   * The failure of a call.
   *
   * @param what what was asked for: {@code reading Deployment gateway}
   */
  static DeployException of(String what, String cluster, KubernetesClientException e) {
    String said = message(e);
    return new DeployException.StepFailed(
        switch (e.getCode()) {
          case 401 ->
              Problem.of(
                  what + " was refused by " + cluster + ": the credentials are not accepted (401)",
                  "log in again, or renew the token: it has most likely expired");
          case 403 ->
              Problem.of(
                  what + " is forbidden on " + cluster + ": " + said,
                  "grant it by the Role of docs/kubernetes.md, or correct what refuses it");
          case 404 ->
              Problem.of(
                  what + ": not found on " + cluster + ": " + said,
                  "see whether deploy.kubernetes names the right context and namespace");
          case 409 ->
              Problem.of(
                  what + " met a conflict on " + cluster + ": " + said,
                  "see who else changes it: kubectl get -o yaml --show-managed-fields");
          case 422 ->
              Problem.of(
                  what + " was not accepted by " + cluster + ": " + said,
                  "correct what it names in the manifest");
          case 0 ->
              new Problem(
                  "the API server of " + cluster + " does not answer: " + cause(e),
                  "see whether 'kubectl get --raw /readyz' works from here with the same context",
                  List.of("while " + what));
          default ->
              Problem.of(
                  what + " failed on " + cluster + " with status " + e.getCode() + ": " + said,
                  "see whether the API server is well, then run the same command again");
        });
  }

  static String message(KubernetesClientException e) {
    Status status = e.getStatus();
    String message = status == null ? null : status.getMessage();
    return message == null || message.isBlank() ? String.valueOf(e.getMessage()) : message;
  }

  private static String cause(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return deepest.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
