package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.demo.DemoSite;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description =
        "Tells the whole story on this machine, on an embedded PostgreSQL: a good upgrade, then a bad"
            + " one that undoes itself. Leaves nothing running.")
final class DemoCommand implements Callable<Integer> {

  private final App app;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = "rack-gateway-demo",
      description = "The demo's own folder, made anew (default: ${DEFAULT-VALUE}).")
  Path directory = Path.of("rack-gateway-demo");

  @Option(names = "--no-color", description = "Prints without colours.")
  boolean noColor;

  DemoCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    Output output = new Output(app.out(), app.err(), new Secrets());
    try (DemoSite site = DemoSite.prepare(directory)) {
      tell(output, "A gateway v1.0.0 runs at " + site.url() + ", its database beside it.");
      List<String> events = new ArrayList<>();
      int good = run(site, output, events, "a good release", "v1.1.0");
      int bad =
          good == ExitCode.DONE.code()
              ? run(site, output, events, "a release that never becomes healthy", "v1.2.0")
              : good;
      tell(output, "What the journal says:");
      new App(environment(site), app.out(), app.err()).run("runs", "-f", site.configuration());
      boolean asTold = good == ExitCode.DONE.code() && bad == ExitCode.UNDONE.code();
      output.line("");
      output.line(
          asTold
              ? "The bad upgrade undid itself, and nothing is left running. The evidence is in "
                  + site.folder()
                  + ":"
              : "The demo did not go as it should. Look into " + site.folder() + ":");
      output.line("  events   " + String.join(", ", events));
      output.line("  backups  " + site.backups());
      output.line("  journal  " + site.journal());
      output.line("  logs     " + site.logs());
      return asTold ? ExitCode.DONE.code() : ExitCode.FAILED.code();
    } catch (DeployException e) {
      ProblemView.print(output, e.problem());
      return Outcomes.of(e).code();
    }
  }

  private int run(DemoSite site, Output output, List<String> events, String what, String version) {
    tell(output, "Upgrade to " + version + ", " + what + ":");
    String eventFile = site.folder().resolve("events-" + version + ".ndjson").toString();
    events.add(eventFile);
    List<String> words =
        new ArrayList<>(
            List.of(
                "upgrade",
                "--to",
                version,
                "--yes",
                "-f",
                site.configuration(),
                "--events",
                eventFile));
    output.line("$ rack-gateway-deploy upgrade --to " + version);
    if (noColor) {
      words.add("--no-color");
    }
    return new App(environment(site), app.out(), app.err()).run(words.toArray(new String[0]));
  }

  private Map<String, String> environment(DemoSite site) {
    Map<String, String> all = new LinkedHashMap<>(app.environment());
    all.putAll(site.environment());
    return all;
  }

  private static void tell(Output output, String text) {
    output.line("");
    output.line("── " + text);
    output.line("");
  }
}
