package io.rackgateway.deploy.text;

/** Makes text that comes from elsewhere fit for a message. */
public final class PlainText {

  private PlainText() {}

  /**
   * The text on one line, without control characters, escape sequences' beginnings and invisible
   * characters, cut at a length.
   *
   * @param most in characters
   */
  public static String line(String text, int most) {
    // A little more than is shown, so that a text of megabytes costs nothing.
    String head = text.substring(0, Math.min(text.length(), 4 * most));
    String plain = head.replaceAll("[\\p{C}\\p{Z}]+", " ").strip();
    return plain.length() <= most ? plain : plain.substring(0, most - 1) + "…";
  }
}
