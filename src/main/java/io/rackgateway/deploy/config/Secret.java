package io.rackgateway.deploy.config;

/**
 * A value that must not be shown. Its text form is a mask, so that it cannot slip into a message.
 */
public record Secret(String value) {

  @Override
  public String toString() {
    return "****";
  }
}
