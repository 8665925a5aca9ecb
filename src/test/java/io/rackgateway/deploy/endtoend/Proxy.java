package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * HAProxy before gateways that are replaced one beside another, with the settings of {@code
 * examples/compose/haproxy.cfg} and a server for each of the ports.
 */
final class Proxy implements AutoCloseable {

  private static final Path EXAMPLE = Path.of("examples", "compose", "haproxy.cfg");
  private static final Path SYSTEM = Path.of("/usr/sbin/haproxy");

  private final Process process;

  /**
   * @param folder where its configuration and its log are kept
   */
  Proxy(Path folder, int port, List<Integer> backends) throws IOException {
    Path file = folder.resolve("haproxy-" + port + ".cfg");
    String example =
        Files.readString(EXAMPLE)
            .lines()
            .filter(line -> !line.strip().startsWith("server "))
            .collect(Collectors.joining("\n"));
    String servers =
        IntStream.range(0, backends.size())
            .mapToObj(i -> "  server s" + i + " 127.0.0.1:" + backends.get(i) + "\n")
            .collect(Collectors.joining());
    assertThat(example).contains("bind 127.0.0.1:8080");
    Files.writeString(
        file, example.replace("bind 127.0.0.1:8080", "bind 127.0.0.1:" + port) + "\n\n" + servers);
    this.process =
        new ProcessBuilder(program(), "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("haproxy-" + port + ".log").toFile())
            .start();
  }

  private static String program() {
    return Files.isExecutable(SYSTEM) ? SYSTEM.toString() : "haproxy";
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
