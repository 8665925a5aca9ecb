package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.event.Secrets;
import java.io.PrintStream;

/**
 * Where this process prints. Everything that leaves through here has its secrets masked; text that
 * came from outside goes through {@link #clean} first, so that it cannot steer the terminal.
 */
final class Output {

  private final PrintStream out;
  private final PrintStream err;
  private final Secrets secrets;

  Output(PrintStream out, PrintStream err, Secrets secrets) {
    this.out = out;
    this.err = err;
    this.secrets = secrets;
  }

  /** A line of the command's answer. */
  void line(String text) {
    out.println(secrets.mask(text));
    out.flush();
  }

  /** Text without a line's end, for redrawing in place. */
  void raw(String text) {
    out.print(secrets.mask(text));
    out.flush();
  }

  /** A line about the command's answer: errors, and everything human when the answer is JSON. */
  void errorLine(String text) {
    err.println(secrets.mask(text));
    err.flush();
  }

  /** An output whose ordinary lines go where errors go. */
  Output onStandardError() {
    return new Output(err, err, secrets);
  }

  /**
   * The text without control characters: no escape sequence, no carriage return, no bidirectional
   * override.
   */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              if (c == '\t') {
                clean.append("  ");
              } else if (type == Character.CONTROL || type == Character.FORMAT) {
                clean.append('·');
              } else {
                clean.appendCodePoint(c);
              }
            });
    return clean.toString();
  }
}
