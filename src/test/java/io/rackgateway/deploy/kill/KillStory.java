package io.rackgateway.deploy.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Kills an upgrade with {@code kill -9} before and after everything that it writes into its
 * journal, resumes it each time, and looks at what is left.
 */
public final class KillStory {

  private static final int KILLED = 137;

  /** A gateway v1.0.0 to upgrade, again and again. */
  public interface Site {

    /** Brings v1.0.0 back, running and answering, with nothing of earlier runs left. */
    void reset() throws Exception;

    Path configuration();

    Path backups();

    Map<String, String> environment();

    /** The version that answers, as the gateway itself tells it. */
    String runningVersion() throws Exception;

    /** Fails when the platform holds anything but one gateway of the version: marks, leftovers. */
    void assertClean(String version, String as) throws Exception;
  }

  private final Site site;
  private final String target;
  private final boolean good;

  private KillStory(Site site, String target, boolean good) {
    this.site = site;
    this.target = target;
    this.good = good;
  }

  /** Kills an upgrade to a good version, anywhere: it has to be finished. */
  public static int finishing(Site site, String target) throws Exception {
    return new KillStory(site, target, true).run();
  }

  /** Kills the undoing of an upgrade to a bad version, anywhere: it has to be undone. */
  public static int undoing(Site site, String target) throws Exception {
    return new KillStory(site, target, false).run();
  }

  private int run() throws Exception {
    int killings = 0;
    for (int point = 1; ; point += KillPoints.apart()) {
      site.reset();
      String from = good ? "" : "turnBack";
      ToolProcess.Ended killed =
          tool(List.of(KillAt.class.getName(), Integer.toString(point), from), upgrade());
      if (killed.exitCode() != KILLED) {
        assertThat(killed.exitCode()).as(killed.output()).isEqualTo(good ? 0 : 1);
        return killings;
      }
      killings++;
      ToolProcess.Ended resumed = resume();
      String as =
          "killed at point %d%n%s%nresumed%n%s".formatted(point, killed.output(), resumed.output());

      boolean nothingLeft = resumed.output().contains("no run of");
      String expected = nothingLeft ? site.runningVersion() : good ? target.substring(1) : "1.0.0";
      assertThat(resumed.exitCode()).as(as).isEqualTo(good || nothingLeft ? 0 : 1);
      assertThat(site.runningVersion()).as(as).isEqualTo(expected).isIn("1.0.0", "1.1.0");
      site.assertClean(expected, as);
      assertThat(backups()).as(as).hasSizeLessThanOrEqualTo(1);
      assertThat(backups()).as(as).noneMatch(name -> name.contains("partial"));
    }
  }

  private List<String> upgrade() {
    return List.of("upgrade", "--to", target, "--yes", "-v", "-f", site.configuration().toString());
  }

  private ToolProcess.Ended resume() throws Exception {
    return tool(
        List.of("io.rackgateway.deploy.cli.Main"),
        List.of("resume", "-v", "-f", site.configuration().toString()));
  }

  private ToolProcess.Ended tool(List<String> main, List<String> arguments) throws Exception {
    return ToolProcess.run(site.environment(), main, arguments);
  }

  private List<String> backups() throws IOException {
    if (!Files.exists(site.backups())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(site.backups())) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  /** Removes a folder with all that is in it, where it is there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
