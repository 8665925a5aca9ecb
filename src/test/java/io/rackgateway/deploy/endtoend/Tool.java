package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The packaged program, run as a pipeline runs it: in a process of its own, without a terminal.
 * Closing ends what a failed test left running.
 */
final class Tool implements AutoCloseable {

  private static final Set<String> KEPT = Set.of("PATH", "HOME", "USER", "LANG", "TMPDIR");
  private static final long LIMIT_SECONDS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Path files;
  private final Map<String, String> environment;
  private final List<Process> started = new ArrayList<>();
  private int count;

  /**
   * @param folder the working folder
   * @param files where outputs and events go
   * @param environment what it sees beside PATH, HOME and the like
   */
  Tool(Path folder, Path files, Map<String, String> environment) {
    this.folder = folder;
    this.files = files;
    this.environment = environment;
  }

  /** Runs a command to its end. */
  Ended run(String... arguments) throws Exception {
    return start(Map.of(), arguments).end();
  }

  /** Runs a command that sees these variables too; empty ones are taken away. */
  Ended run(Map<String, String> more, String... arguments) throws Exception {
    return start(more, arguments).end();
  }

  /** Starts a command, whose events are followed. */
  Started start(String... arguments) throws Exception {
    return follow(Map.of(), arguments);
  }

  /** Starts a command that sees these variables too, and whose events are followed. */
  Started follow(Map<String, String> more, String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.add("--events");
    words.add(files.resolve("events-" + (count + 1) + ".ndjson").toString());
    return start(more, words.toArray(String[]::new));
  }

  /** Starts a command that sees these variables too; its events are its own matter. */
  Started start(Map<String, String> more, String... arguments) throws IOException {
    count++;
    Files.createDirectories(files);
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    words.add("-Xmx160m");
    words.addAll(program());
    words.addAll(List.of(arguments));
    Path out = files.resolve("stdout-" + count);
    Path err = files.resolve("stderr-" + count);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().retainAll(KEPT);
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    builder.environment().values().removeIf(String::isEmpty);
    Process process = builder.start();
    started.add(process);
    Path events = files.resolve("events-" + count + ".ndjson");
    return new Started(process, String.join(" ", arguments), out, err, events);
  }

  /** The fat jar that was built, or the classes where none was. */
  private static List<String> program() {
    String jar = System.getProperty("rgd.jar");
    return jar != null && Files.exists(Path.of(jar))
        ? List.of("-jar", jar)
        : List.of("-cp", System.getProperty("java.class.path"), "io.rackgateway.deploy.cli.Main");
  }

  @Override
  public void close() {
    for (Process process : started) {
      process.destroyForcibly().onExit().join();
    }
  }

  /** A command at work. */
  record Started(Process process, String command, Path out, Path err, Path eventFile) {

    /** Waits until the phase has begun. */
    Started awaitPhase(String phase) throws Exception {
      return await("phase-started", "phase", phase);
    }

    /** Waits until the effect has begun. */
    Started awaitEffect(String name) throws Exception {
      return await("effect-started", "name", name);
    }

    /** Waits for an event of a type with a field of that value. */
    Started await(String type, String field, String value) throws Exception {
      Await.until(
          type + " of " + value,
          () -> {
            boolean alive = process.isAlive();
            boolean found =
                events().stream()
                    .anyMatch(
                        event ->
                            event.path("type").asText().equals(type)
                                && event.path(field).asText().equals(value));
            assertThat(found || alive).as("%s of %s; %s", type, value, said()).isTrue();
            return found;
          });
      return this;
    }

    /** Waits until this stands on standard error. */
    Started awaitError(String text) throws Exception {
      return awaitText(text, err);
    }

    /** Waits until this stands on standard output. */
    Started awaitOutput(String text) throws Exception {
      return awaitText(text, out);
    }

    private Started awaitText(String text, Path file) throws Exception {
      Await.until(
          "'" + text + "' in " + file.getFileName(),
          () -> {
            boolean alive = process.isAlive();
            boolean found = Files.readString(file).contains(text);
            assertThat(found || alive).as("'%s'; %s", text, said()).isTrue();
            return found;
          });
      return this;
    }

    /** Sends SIGTERM, as a CI system does that cancels a job. */
    Started terminate() {
      process.destroy();
      return this;
    }

    /** Sends SIGTERM, and returns when it has been noticed. */
    Started cancel() throws Exception {
      return terminate().awaitError("SIGTERM: finishing the current step");
    }

    /** Waits for the end. */
    Ended end() throws Exception {
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(ended).as("ended in time; %s", said()).isTrue();
      return said();
    }

    private Ended said() throws IOException {
      int code = process.isAlive() ? -1 : process.exitValue();
      return new Ended(
          command, code, Files.readString(out), Files.readString(err), List.copyOf(events()));
    }

    /** The events so far, whole lines only. */
    private List<JsonNode> events() throws IOException {
      List<JsonNode> events = new ArrayList<>();
      if (Files.exists(eventFile)) {
        String text = Files.readString(eventFile);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
          events.add(JSON.readTree(line));
        }
      }
      return events;
    }
  }
}
