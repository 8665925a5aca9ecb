package io.rackgateway.deploy.process;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Child processes of the operating system. Each runs in a session of its own where {@code setsid}
 * exists, so that Ctrl-C at a terminal reaches this tool alone and an effect is not cut in half;
 * each carries the run's mark in its environment.
 */
public final class SystemCommands implements Commands {

  private static final int OUTPUT_LIMIT = 16 * 1024 * 1024;
  private static final boolean SETSID = Files.isExecutable(Path.of("/usr/bin/setsid"));

  /** Of this process's environment, what a launched command gets; the rest may be secrets of CI. */
  private static final Set<String> BASICS =
      Set.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR");

  private final Function<List<String>, ProcessBuilder> builders;
  private final Cancellation cancellation;
  private final Supplier<Map<String, String>> mark;

  /**
   * @param builders makes the process builder for a command line; a test sees the exact words here
   * @param mark environment that marks children as the current run's
   */
  public SystemCommands(
      Function<List<String>, ProcessBuilder> builders,
      Cancellation cancellation,
      Supplier<Map<String, String>> mark) {
    this.builders = builders;
    this.cancellation = cancellation;
    this.mark = mark;
  }

  @Override
  public CommandResult run(Command command, Consumer<String> lines) {
    return run(command, lines, new Cancellation());
  }

  @Override
  public CommandResult run(Command command, Consumer<String> lines, Cancellation stop) {
    if (command.interruptible()) {
      cancellation.throwIfPending();
    }
    long start = System.nanoTime();
    Process process = start(command, builder(command));
    feed(process, command.input());
    Transcript transcript = new Transcript(lines);
    Thread errors = reader(process.getErrorStream(), transcript::error);
    Thread output = reader(process.getInputStream(), transcript::output);
    Cancellation.Registration registration =
        cancellation.onRequest(
            () -> {
              if (command.interruptible()) {
                end(process);
              }
            });
    Cancellation.Registration stopping = stop.onRequest(() -> end(process));
    try {
      boolean ended = process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        end(process);
        throw tooLate(command, transcript.tail());
      }
      output.join();
      errors.join();
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command.display(), e);
    } finally {
      stopping.close();
      registration.close();
    }
    if (command.interruptible()) {
      cancellation.throwIfPending();
    }
    return new CommandResult(
        command.display(),
        process.exitValue(),
        transcript.output(),
        transcript.tail(),
        Waits.since(start));
  }

  @Override
  public CommandResult stream(Command command, Consumer<String> lines) {
    if (command.interruptible()) {
      cancellation.throwIfPending();
    }
    long start = System.nanoTime();
    Process process = start(command, builder(command).redirectErrorStream(true));
    feed(process, command.input());
    return new StreamedCommand(command, process, cancellation).run(lines, start);
  }

  @Override
  public Watch watch(Command command, Consumer<String> lines) {
    ProcessBuilder builder = builder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = start(command, builder);
    Thread reader = reader(process.getInputStream(), lines);
    return () -> {
      end(process);
      reader.interrupt();
    };
  }

  @Override
  public long launch(Command command, Path log) {
    ProcessBuilder builder =
        builder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().retainAll(BASICS);
    builder.environment().putAll(command.environment());
    return start(command, builder).pid();
  }

  static DeployException.StepFailed tooLate(Command command, List<String> tail) {
    return new DeployException.StepFailed(
        new Problem(
            "'"
                + command.display()
                + "' did not end within "
                + command.timeout().toSeconds()
                + " s",
            "see its last lines, then run the same command again",
            tail));
  }

  private ProcessBuilder builder(Command command) {
    List<String> words = new ArrayList<>();
    if (SETSID) {
      words.add("/usr/bin/setsid");
    }
    words.addAll(command.arguments());
    ProcessBuilder builder = builders.apply(words);
    Path directory = command.directory();
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    builder.environment().putAll(mark.get());
    builder.environment().putAll(command.environment());
    return command.input() == null
        ? builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        : builder;
  }

  /** Inputs are short enough for the buffer of a pipe, so this does not wait for the program. */
  private static void feed(Process process, @Nullable String input) {
    if (input == null) {
      return;
    }
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading; its exit code and output tell the rest.
    }
  }

  private static Process start(Command command, ProcessBuilder builder) {
    String program = command.arguments().get(0);
    Path directory = command.directory();
    if (!onPath(program, directory)) {
      throw new DeployException.StepFailed(
          "the program '"
              + program
              + "' was not found"
              + (directory == null || !program.contains("/") ? "" : " in " + directory)
              + ", or is not executable",
          "install it, or correct the configuration that names it");
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "'" + command.display() + "' could not be started: " + e.getMessage(),
              "check that the program and its working directory exist"),
          e);
    }
  }

  /** setsid would report a missing program only by its exit code. */
  private static boolean onPath(String program, @Nullable Path directory) {
    if (program.contains("/")) {
      Path path = directory == null ? Path.of(program) : directory.resolve(program);
      return Files.isExecutable(path);
    }
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  /** Ends a process with those that it started. */
  static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static Thread reader(InputStream stream, Consumer<String> sink) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                while (line != null) {
                  sink.accept(line);
                  line = lines.readLine();
                }
              } catch (IOException e) {
                // The process is gone and its pipe with it: there is nothing more to read.
              }
            },
            "output-reader");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * What a process printed: all of standard output (bounded), and the last lines of both streams.
   */
  private static final class Transcript {
    private final Consumer<String> lines;
    private final StringBuilder output = new StringBuilder();
    private final Tail tail = new Tail();

    Transcript(Consumer<String> lines) {
      this.lines = lines;
    }

    synchronized void output(String line) {
      if (output.length() < OUTPUT_LIMIT) {
        output.append(line).append('\n');
      }
      error(line);
    }

    synchronized void error(String line) {
      tail.add(line);
      lines.accept(line);
    }

    synchronized String output() {
      return output.toString();
    }

    synchronized List<String> tail() {
      return tail.lines();
    }
  }
}
