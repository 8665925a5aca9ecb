package io.rackgateway.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is installed: {@code bin/rack-gateway-deploy}. */
class LauncherIT {

  private static final Path LAUNCHER = Path.of("bin", "rack-gateway-deploy").toAbsolutePath();

  @TempDir Path folder;

  /** Runs the launcher with a cache of its own; its standard output. */
  private String launch(String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(LAUNCHER.toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    builder.environment().put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
    builder
        .environment()
        .put(
            "RACK_GATEWAY_DEPLOY_JAVA_OPTS",
            "-Xlog:class+load:file=" + folder.resolve("loaded-%p") + " -Djava.io.tmpdir=tmp");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private boolean archived() {
    Path archives = folder.resolve("cache").resolve("rack-gateway-deploy");
    if (!Files.isDirectory(archives)) {
      return false;
    }
    try (Stream<Path> files = Files.list(archives)) {
      return files.anyMatch(file -> file.toString().endsWith(".jsa"));
    } catch (IOException e) {
      return false;
    }
  }

  private List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("loaded-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theFirstRunMakesAnArchiveOfTheClassesThatLaterOnesNeed() throws Exception {
    String first = launch("version");
    boolean made =
        new Waits(Clock.systemUTC(), new Cancellation(), Events.none())
            .untilTrue(
                "the archive",
                Duration.ofMinutes(2),
                Duration.ofMillis(200),
                new Waits.Wakeup(),
                this::archived);
    List<Path> before = logs();
    launch("runs", "-f", "nothing.yml");
    List<Path> after = new ArrayList<>(logs());
    after.removeAll(before);

    assertThat(first).startsWith("rack-gateway-deploy ");
    assertThat(made).as("an archive was made").isTrue();
    assertThat(Files.readString(folder.resolve("errors"))).contains("nothing.yml");
    assertThat(Files.readAllLines(after.get(0)))
        .anyMatch(line -> line.contains("deploy.config.ConfigLoader source: shared objects file"));
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).as("what the making of the archive left").isEmpty();
    }
  }
}
