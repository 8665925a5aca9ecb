package io.rackgateway.deploy.registry;

import java.util.regex.Pattern;
import okio.ByteString;

/** Digests as the OCI image specification writes them, of the two algorithms that it registers. */
final class Digests {

  private static final Pattern KNOWN = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
  private static final int SHORT = 12;

  private Digests() {}

  static boolean known(String digest) {
    return KNOWN.matcher(digest).matches();
  }

  static String sha256(ByteString content) {
    return "sha256:" + content.sha256().hex();
  }

  /** Whether the content has this digest; false for a digest of another algorithm. */
  static boolean match(String digest, ByteString content) {
    return digest.startsWith("sha512:")
        ? digest.equals("sha512:" + content.sha512().hex())
        : digest.equals(sha256(content));
  }

  /** Enough of a digest to recognise it by. */
  static String brief(String digest) {
    int start = digest.indexOf(':') + 1;
    return digest.length() <= start + SHORT ? digest : digest.substring(0, start + SHORT) + "…";
  }

  /** What came does not have the digest that it was promised to have. */
  static final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Mismatch(String message) {
      super(message);
    }
  }
}
