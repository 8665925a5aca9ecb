package io.rackgateway.deploy.diagnose.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** The versions of what looks, and the configuration it looks by. */
final class ToolParts {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Subject subject;

  ToolParts(Subject subject) {
    this.subject = subject;
  }

  List<Part> all() {
    return List.of(
        new Part("versions", "Tool and machine", LIMIT, this::versions),
        new Part("configuration", "Configuration", LIMIT, () -> subject.configuration().masked()));
  }

  private String versions() {
    Clock clock = subject.clock();
    return String.join(
        "\n",
        "rack-gateway-deploy: " + subject.toolVersion(),
        "Java:    " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor"),
        "system:  "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        "machine: "
            + Runtime.getRuntime().availableProcessors()
            + " processors"
            + (Files.exists(Path.of("/.dockerenv")) ? ", in a container" : ""),
        "time:    " + clock.instant() + ", zone " + ZoneId.systemDefault());
  }
}
