package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Problem;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine;

/** The command line as a whole: parses, runs one command, and turns its end into an exit code. */
public final class App {

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;
  private final UnaryOperator<Journal> journals;

  public App(Map<String, String> environment, PrintStream out, PrintStream err) {
    this(environment, out, err, UnaryOperator.identity());
  }

  /**
   * @param journals wraps the journal that commands use, to watch or disturb it
   */
  public App(
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      UnaryOperator<Journal> journals) {
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.journals = journals;
  }

  /**
   * Runs one command to its end.
   *
   * @return the exit code, as {@link ExitCode} defines them
   */
  public int run(String... arguments) {
    if (asksForVersionAlone(arguments)) {
      out.println(ToolVersion.line());
      return ExitCode.DONE.code();
    }
    CommandLine commandLine = new CommandLine(new RootCommand(), new CommandFactory(this));
    commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setExecutionExceptionHandler((e, command, parsed) -> report(e, arguments))
        .setParameterExceptionHandler((e, words) -> usage(e));
    try {
      return commandLine.execute(arguments);
    } catch (Error e) {
      // Left to itself it would end this thread and nothing else, and the process would hang.
      return report(new IllegalStateException(String.valueOf(e), e), arguments);
    }
  }

  Map<String, String> environment() {
    return environment;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  Journal wrap(Journal journal) {
    return journals.apply(journal);
  }

  /** The answer needs no parser, and scripts ask for it often. */
  private static boolean asksForVersionAlone(String... arguments) {
    return arguments.length == 1
        && (arguments[0].equals("version") || arguments[0].equals("--version"));
  }

  private int usage(CommandLine.ParameterException e) {
    CommandLine command = e.getCommandLine();
    Output output = new Output(out, err, new Secrets());
    output.errorLine("error: " + Output.clean(String.valueOf(e.getMessage())));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    output.errorLine(
        "next:  see '" + command.getCommandSpec().qualifiedName() + " --help' for what it takes");
    return ExitCode.USAGE.code();
  }

  /** For what a command could not report itself, because it happened before or beside it. */
  private int report(Exception e, String... arguments) {
    boolean verbose =
        Arrays.asList(arguments).contains("--verbose") || Arrays.asList(arguments).contains("-v");
    Output output = new Output(out, err, new Secrets());
    if (e instanceof DeployException foreseen) {
      ProblemView.print(output, foreseen.problem());
      return Outcomes.of(foreseen).code();
    }
    ProblemView.print(
        output,
        new Problem(
            "unexpected " + e,
            "this is a bug of rack-gateway-deploy; please report it with the output of --verbose",
            verbose ? Arrays.stream(e.getStackTrace()).map(String::valueOf).toList() : List.of()));
    return ExitCode.FAILED.code();
  }
}
