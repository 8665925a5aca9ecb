package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Cancellation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** PostgreSQL's client programs, as the configuration finds and limits them. */
final class PgPrograms {

  private final PgDumpConfig config;
  private final Commands commands;

  PgPrograms(PgDumpConfig config, Commands commands) {
    this.config = config;
    this.commands = commands;
  }

  /** The client programs' own major version, 0 when they do not tell. */
  int major(String program) {
    return PgTool.find(commands, PgTool.program(config.binDirectory(), program))
        .map(PgTool::major)
        .orElse(0);
  }

  /** Runs a program on files alone. */
  CommandResult run(List<String> words, Consumer<String> lines) {
    return commands.run(command(words, Map.of()), lines);
  }

  /**
   * Runs a program on a database, which it finds in its environment.
   *
   * @param settings of its sessions, which come before those that the URL has
   * @param stop ends it
   */
  CommandResult run(
      List<String> words,
      PostgresUrl url,
      List<String> settings,
      Consumer<String> lines,
      Cancellation stop) {
    Map<String, String> environment = new TreeMap<>(url.environment());
    List<String> options = new ArrayList<>(settings.stream().map(s -> "-c " + s).toList());
    options.add(environment.getOrDefault("PGOPTIONS", ""));
    environment.put("PGOPTIONS", String.join(" ", options).strip());
    return commands.run(command(words, environment), lines, stop);
  }

  private Command command(List<String> words, Map<String, String> environment) {
    List<String> all = new ArrayList<>(words);
    all.set(0, PgTool.program(config.binDirectory(), words.get(0)));
    return Command.of(all)
        .withEnvironment(environment)
        .withTimeout(config.timeout())
        .asInterruptible();
  }

  /** The listing of an archive. */
  Listing listing(Path data, Consumer<CommandResult> failed) {
    Listing listing = new Listing();
    CommandResult result = run(List.of("pg_restore", "--list", data.toString()), listing);
    if (!result.succeeded()) {
      failed.accept(result);
    }
    return listing;
  }
}
