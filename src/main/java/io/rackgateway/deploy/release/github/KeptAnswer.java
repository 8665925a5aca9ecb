package io.rackgateway.deploy.release.github;

import java.time.Instant;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * What an answer said that matters, and how to ask whether it still does.
 *
 * @param next the address of the next page, null where there is none
 * @param content JSON, in a form that the asker chose
 * @param confirmed when the server last said so
 */
record KeptAnswer(
    @Nullable String etag,
    @Nullable String lastModified,
    @Nullable String next,
    String content,
    Instant confirmed)
    implements Outcome {

  /** Whether the server can be asked for it only if it changed. */
  boolean canBeConfirmed() {
    return etag != null || lastModified != null;
  }

  /** Makes a request conditional (RFC 9110, section 13.1). */
  void ask(Request.Builder request) {
    if (etag != null) {
      request.header("If-None-Match", etag);
    } else if (lastModified != null) {
      request.header("If-Modified-Since", lastModified);
    }
  }
}
