package io.rackgateway.deploy.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, so that it can be killed. */
final class ToolProcess {

  private ToolProcess() {}

  /** How a process ended. */
  record Ended(int exitCode, String output) {}

  /**
   * Runs it to its end.
   *
   * @param main the class and what goes before the command
   */
  static Ended run(Map<String, String> environment, List<String> main, List<String> arguments)
      throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx160m", "-cp"));
    words.add(System.getProperty("java.class.path"));
    words.addAll(main);
    words.addAll(arguments);
    Path log = Files.createTempFile("kill", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
      Map<String, String> all = new LinkedHashMap<>(environment);
      all.put("CI", "true");
      builder.environment().putAll(all);
      Process process = builder.start();
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      return new Ended(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    } finally {
      Files.delete(log);
    }
  }
}
