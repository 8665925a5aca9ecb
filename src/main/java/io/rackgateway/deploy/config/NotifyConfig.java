package io.rackgateway.deploy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One item of the list {@code notify}: a webhook that is told of runs. */
public record NotifyConfig(
    @Key("The address that notices are posted to: a secret, as whoever knows it may post.")
        Secret url,
    @Key(
            value =
                "How a notice is written: slack (a message, for what takes Slack's webhooks) or json.",
            orElse = "json")
        Format format,
    @Key(
            "Signs each notice: the header X-Rack-Gateway-Signature is then 'sha256=' and the HMAC-SHA256 of the body"
                + " with this key, in hex.")
        @Nullable Secret secret,
    @Key(
            value = "Which notices it gets.",
            orElse = "[start, approval, success, failure, rollback]",
            shown = true)
        List<On> on) {

  /** How a notice is written. */
  public enum Format {
    SLACK,
    JSON
  }

  /** What a notice is about. */
  public enum On {
    START,
    APPROVAL,
    SUCCESS,
    FAILURE,
    ROLLBACK
  }
}
