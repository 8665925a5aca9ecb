package io.rackgateway.deploy.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A child process to start, without a shell. Arguments are visible to every user of the machine, so
 * a secret belongs in the environment and never in them.
 *
 * @param arguments program and arguments
 * @param directory working directory, null for this process's own
 * @param environment variables added to this process's own
 * @param timeout how long it may run before it is ended
 * @param interruptible whether a cancelled run may end it; false for effects that must not be cut
 *     in half
 * @param input what it reads on standard input, which then ends; null for nothing
 */
public record Command(
    List<String> arguments,
    @Nullable Path directory,
    Map<String, String> environment,
    Duration timeout,
    boolean interruptible,
    @Nullable String input) {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  public Command {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  public static Command of(String... arguments) {
    return of(List.of(arguments));
  }

  public static Command of(List<String> arguments) {
    return new Command(arguments, null, Map.of(), DEFAULT_TIMEOUT, false, null);
  }

  public Command in(Path newDirectory) {
    return new Command(arguments, newDirectory, environment, timeout, interruptible, input);
  }

  public Command withEnvironment(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putAll(more);
    return new Command(arguments, directory, all, timeout, interruptible, input);
  }

  public Command withTimeout(Duration newTimeout) {
    return new Command(arguments, directory, environment, newTimeout, interruptible, input);
  }

  /** The same command, which a cancelled run may end half-way because nothing is lost by it. */
  public Command asInterruptible() {
    return new Command(arguments, directory, environment, timeout, true, input);
  }

  /** The same command, which reads this text on its standard input. */
  public Command withInput(String text) {
    return new Command(arguments, directory, environment, timeout, interruptible, text);
  }

  /** The command as a person would type it, for messages. */
  public String display() {
    List<String> words = new ArrayList<>();
    for (String argument : arguments) {
      words.add(
          argument.matches("[\\w@%+=:,./-]+")
              ? argument
              : "'" + argument.replace("'", "'\\''") + "'");
    }
    return String.join(" ", words);
  }
}
