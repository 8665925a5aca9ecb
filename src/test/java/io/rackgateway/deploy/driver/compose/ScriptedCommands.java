package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Commands that are not run but written down, with prepared answers. Knows nothing of what the
 * commands do: a container that was started does not appear.
 */
final class ScriptedCommands implements Commands {

  private record Answer(int exitCode, String output) {}

  final List<Command> commands = new ArrayList<>();
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  /** The answer to commands whose words contain this text; the last fitting one counts. */
  ScriptedCommands answer(String words, int exitCode, String output) {
    answers.put(words, new Answer(exitCode, output));
    return this;
  }

  /** What was run, as a person would type it. */
  List<String> lines() {
    return commands.stream().map(Command::display).toList();
  }

  @Override
  public CommandResult run(Command command, Consumer<String> lines) {
    commands.add(command);
    Answer answer = new Answer(0, "");
    for (Map.Entry<String, Answer> entry : answers.entrySet()) {
      if (command.display().contains(entry.getKey())) {
        answer = entry.getValue();
      }
    }
    answer.output().lines().forEach(lines);
    return new CommandResult(
        command.display(),
        answer.exitCode(),
        answer.output(),
        answer.output().lines().toList(),
        Duration.ZERO);
  }

  @Override
  public Watch watch(Command command, Consumer<String> lines) {
    commands.add(command);
    return () -> {};
  }

  @Override
  public long launch(Command command, Path log) {
    throw new UnsupportedOperationException("nothing is launched on Compose");
  }
}
