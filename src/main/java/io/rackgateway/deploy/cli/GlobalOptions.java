package io.rackgateway.deploy.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command takes. */
final class GlobalOptions {

  @Option(
      names = {"-f", "--config"},
      paramLabel = "FILE",
      defaultValue = "rack-gateway.yml",
      description = "The configuration file (default: ${DEFAULT-VALUE}).")
  Path config = Path.of("rack-gateway.yml");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key of the configuration: --set verify.timeout=2m.")
  Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--json",
      description = "Prints the result as JSON on standard output, all else on standard error.")
  boolean json;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Writes each event as one line of JSON to the file, while it happens.")
  @Nullable Path events;

  @Option(names = "--yes", description = "Does not ask before changing anything.")
  boolean yes;

  @Option(
      names = {"-q", "--quiet"},
      description = "Prints the result alone.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Prints every step and what commands print.")
  boolean verbose;

  @Option(names = "--no-color", description = "Prints without colours.")
  boolean noColor;

  Progress.Detail detail() {
    if (quiet) {
      return Progress.Detail.QUIET;
    }
    return verbose ? Progress.Detail.VERBOSE : Progress.Detail.NORMAL;
  }
}
