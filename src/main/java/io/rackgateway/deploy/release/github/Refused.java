package io.rackgateway.deploy.release.github;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no answer.
 *
 * @param summary one sentence for people
 * @param next what to do
 * @param again whether asking again at once may help
 * @param after how long to wait before asking again, as the server wishes; null when it does not
 * @param passing whether it says nothing of what was asked for, so that an answer that is kept may
 *     still hold
 */
record Refused(
    String summary, String next, boolean again, @Nullable Duration after, boolean passing)
    implements Outcome {

  static final String OFFLINE = "read the releases from files instead: releases.file";

  /** It stays so until somebody acts. */
  static Refused lasting(String summary, String next) {
    return new Refused(summary, next, false, null, false);
  }

  /** Another attempt may succeed at once. */
  static Refused forNow(String summary) {
    return new Refused(summary, "try again later, or " + OFFLINE, true, null, true);
  }

  /** Another attempt succeeds only later. */
  static Refused until(String summary, String next, @Nullable Duration after) {
    return new Refused(summary, next, false, after, true);
  }
}
