package io.rackgateway.deploy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** This tool's own version, as the build wrote it down. */
final class ToolVersion {

  private ToolVersion() {}

  static String number() {
    Properties properties = new Properties();
    try (InputStream stream =
        ToolVersion.class.getResourceAsStream("/rack-gateway-deploy.properties")) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }

  static String line() {
    return "rack-gateway-deploy " + number();
  }
}
