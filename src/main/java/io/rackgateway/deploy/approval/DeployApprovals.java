package io.rackgateway.deploy.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.text.PlainText;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.Set;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to a Rack Gateway about deploy approvals: {@code /api/v1/deploy-approval-requests}, with
 * an API token. Redirects are not followed: the token would go along.
 */
public final class DeployApprovals {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LONGEST_ANSWER = 1L << 20;
  private static final int LONGEST_REASON = 200;
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Set<Integer> TRANSIENT = Set.of(429, 502, 503, 504);

  private final OkHttpClient http;
  private final HttpUrl base;
  private final Secret token;
  private final Clock clock;
  private final Cancellation cancellation;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param gateway the address of the gateway, without a path
   */
  public DeployApprovals(
      OkHttpClient http, URI gateway, Secret token, Clock clock, Cancellation cancellation) {
    this.http =
        http.newBuilder()
            .followRedirects(false)
            .followSslRedirects(false)
            .callTimeout(PATIENCE)
            .build();
    this.base =
        HttpUrl.get(gateway.toString())
            .newBuilder()
            .addPathSegments("api/v1/deploy-approval-requests")
            .build();
    this.token = token;
    this.clock = clock;
    this.cancellation = cancellation;
  }

  /** Gateway and host, for people. */
  public String display() {
    return "the gateway " + base.host();
  }

  /**
   * Asks for an approval. Where one for the commit is pending or approved already, by this run
   * before it was killed or by somebody else, that one is the answer, so that asking again is no
   * error.
   *
   * @throws DeployException.StepFailed if the gateway does not take the request
   */
  public Approval request(ApprovalRequest asked) {
    ObjectNode body = json.createObjectNode();
    body.put("message", asked.message());
    body.put("app", asked.app());
    body.put("git_commit_hash", asked.commit());
    if (asked.branch() != null) {
      body.put("git_branch", asked.branch());
    }
    if (asked.targetToken() != null) {
      body.put("target_api_token", asked.targetToken());
    }
    if (!asked.metadata().isEmpty()) {
      ObjectNode metadata = body.putObject("ci_metadata");
      asked.metadata().forEach(metadata::put);
    }
    RequestBody content =
        RequestBody.create(body.toString().getBytes(StandardCharsets.UTF_8), JSON);
    return send(new Request.Builder().url(base).post(content), "asking for an approval");
  }

  /**
   * Reads a request again.
   *
   * @throws Unanswered if the gateway gave no answer, and might later
   * @throws DeployException.StepFailed if it refuses to tell
   */
  public Approval read(String id) {
    HttpUrl url = base.newBuilder().addPathSegment(id).build();
    return send(new Request.Builder().url(url).get(), "reading the approval " + id);
  }

  /** No answer, or one that says to come back later. */
  static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unanswered(String reason) {
      super(reason);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  private Approval send(Request.Builder request, String what) {
    cancellation.throwIfPending();
    Call call =
        http.newCall(
            request
                .header("Authorization", "Bearer " + token.value())
                .header("Accept", "application/json")
                .header("User-Agent", "rack-gateway-deploy")
                .build());
    Cancellation.Registration registration = cancellation.onRequest(call::cancel);
    try (Response response = call.execute()) {
      Date date = response.headers().getDate("Date");
      return answer(
          response.code(),
          response.peekBody(LONGEST_ANSWER).string(),
          date == null ? clock.instant() : date.toInstant(),
          what);
    } catch (IOException e) {
      cancellation.throwIfPending();
      throw new Unanswered(NetworkFailure.describe(e, PATIENCE));
    } finally {
      registration.close();
    }
  }

  private Approval answer(int status, String body, Instant at, String what) {
    if (TRANSIENT.contains(status)) {
      throw new Unanswered("status " + status);
    }
    JsonNode answer;
    try {
      answer = json.readTree(body);
    } catch (JsonProcessingException e) {
      answer = json.nullNode();
    }
    // 409 comes with the request that is pending or approved already.
    boolean known = answer.path("public_id").isTextual();
    if ((status == 200 || status == 201 || status == 409) && known) {
      return approval(answer, at);
    }
    throw refused(status, PlainText.line(answer.path("error").asText(""), LONGEST_REASON), what);
  }

  private DeployException.StepFailed refused(int status, String reason, String what) {
    String because = reason.isEmpty() ? "" : ": " + reason;
    String summary = what + " failed: " + display() + " answered with status " + status + because;
    return new DeployException.StepFailed(
        summary,
        switch (status) {
          case 401 -> "check the gateway's API token, and that it has not expired";
          case 403 ->
              "give the API token the right to request deploy approvals (role cicd), or name one"
                  + " of the same user as the token that deploys";
          case 404 ->
              reason.contains("disabled")
                  ? "switch deploy approvals on in the gateway's settings, or leave out"
                      + " approval.required"
                  : "check the names of app and token, and the gateway's address";
          case 400, 422 -> "mend what it says, then run the same command again";
          default -> "see the gateway's logs, then run the same command again";
        });
  }

  private static Approval approval(JsonNode answer, Instant at) {
    Approval.Status status = Approval.Status.of(answer.path("status").asText(""));
    String who = status == Approval.Status.REJECTED ? "rejected_by_" : "approved_by_";
    String email = text(answer, who + "email");
    return new Approval(
        answer.path("public_id").asText(),
        status,
        answer.path("git_commit_hash").asText(""),
        email == null ? text(answer, who + "name") : email,
        text(answer, "approval_notes"),
        instant(text(answer, "approval_expires_at")),
        at);
  }

  private static @Nullable String text(JsonNode answer, String name) {
    String text = PlainText.line(answer.path(name).asText(""), LONGEST_REASON);
    return text.isBlank() ? null : text;
  }

  private static @Nullable Instant instant(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      // An end that cannot be read is no reason to think that there is none.
      return Instant.EPOCH;
    }
  }
}
