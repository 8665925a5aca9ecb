package io.rackgateway.deploy.config;

/** A text is no value of the type that its key asks for. */
final class Misfit extends Exception {

  private static final long serialVersionUID = 1L;

  /** What was expected, and no part of the text, which may be a secret. */
  Misfit(String expected) {
    super(expected, null, false, false);
  }

  String expected() {
    return String.valueOf(getMessage());
  }
}
