package io.rackgateway.deploy.release.source;

import java.io.IOException;

/**
 * What was read is not what it should be: broken, too large, or something else. The message ends a
 * sentence that begins with the thing: {@code ends in the middle, at line 3, column 17}.
 */
public final class Malformed extends IOException {

  private static final long serialVersionUID = 1L;

  public Malformed(String message) {
    super(message);
  }

  public Malformed(String message, Throwable cause) {
    super(message, cause);
  }

  /** What is wrong, without the thing's name. */
  public String problem() {
    return String.valueOf(getMessage());
  }
}
