package io.rackgateway.deploy.approval;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is asked to approve. The gateway lets a token with approval-only rights deploy the
 * commit of an approved request, and nothing else.
 *
 * @param app the Convox app that is deployed
 * @param commit the Git commit whose build is deployed, in full
 * @param branch the commit's branch; null when not known
 * @param message what for, for the person who decides
 * @param targetToken the name of the API token that will deploy; null for the one that asks
 * @param metadata facts of the CI run, by name; holds no secrets
 */
public record ApprovalRequest(
    String app,
    String commit,
    @Nullable String branch,
    String message,
    @Nullable String targetToken,
    Map<String, String> metadata) {

  public ApprovalRequest {
    metadata = Map.copyOf(metadata);
  }
}
