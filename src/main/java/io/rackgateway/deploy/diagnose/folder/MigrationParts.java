package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.migration.ReleaseMigrations;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.ReleaseFiles;
import io.rackgateway.deploy.release.ReleaseSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The guide's "check migration status": what the database holds, against what the release carries.
 */
final class MigrationParts {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String GUIDE =
      "The guide's 'migrate --dry-run' and 'migrate --verbose' do not exist: the gateway's 'migrate'"
          + " takes no arguments.";

  private final Subject subject;
  private final @Nullable Plan plan;
  private final Findings findings;

  /**
   * @param plan the plan of the run that failed; null outside of one
   */
  MigrationParts(Subject subject, @Nullable Plan plan, Findings findings) {
    this.subject = subject;
    this.plan = plan;
    this.findings = findings;
  }

  List<Part> all() {
    return List.of(new Part("migrations", "Migrations", LIMIT, this::migrations));
  }

  private String migrations() {
    List<String> lines = new ArrayList<>();
    lines.add(GUIDE);
    lines.add("");
    SchemaState state = subject.schema().get().read();
    lines.add("the database holds: " + state.summary());
    state.applied().forEach(version -> lines.add("  " + version));
    lines.add("");
    try {
      carried().ifPresentOrElse(c -> compare(c, state, lines), () -> lines.add(unknown()));
    } catch (DeployException e) {
      lines.add("what the release carries is not known: " + e.problem().summary());
    }
    return String.join("\n", lines);
  }

  /** The migrations of a release, and whose they are. */
  private record Carried(String of, List<String> versions) {}

  private void compare(Carried carried, SchemaState state, List<String> lines) {
    lines.add(carried.of() + " carries: " + carried.versions().size() + " migrations");
    if (!state.known()) {
      return;
    }
    Set<String> missing = new TreeSet<>(carried.versions());
    state.applied().forEach(missing::remove);
    Set<String> ahead = new TreeSet<>(state.applied());
    carried.versions().forEach(ahead::remove);
    missing.forEach(version -> lines.add("  not applied: " + version));
    if (!missing.isEmpty()) {
      findings.add(
          Findings.Rank.SCHEMA,
          missing.size()
              + " of the migrations of "
              + carried.of()
              + " are not applied, the first is "
              + missing.iterator().next()
              + "; in production the gateway does not apply them by itself");
    }
    // A plan knows only what was to come.
    if (plan == null) {
      ahead.forEach(version -> lines.add("  of another release: " + version));
    }
  }

  private Optional<Carried> carried() {
    Path folder = subject.configuration().verify().migrations();
    if (folder != null) {
      return Optional.of(new Carried(folder.toString(), ReleaseMigrations.in(folder)));
    }
    Plan carriedOut = plan;
    if (carriedOut != null) {
      // Looking at upstream would take too long in the middle of a run.
      List<String> pending =
          carriedOut.outlook().migrations().stream().map(PendingMigration::version).toList();
      return pending.isEmpty()
          ? Optional.empty()
          : Optional.of(new Carried("the plan to upgrade to " + carriedOut.to(), pending));
    }
    ReleaseSource releases = subject.releases();
    Optional<Version> version = subject.driver().get().observe().knownVersion();
    if (releases == null || version.isEmpty()) {
      return Optional.empty();
    }
    ReleaseFiles files = releases.files(version.get().tag());
    return Optional.of(
        new Carried(
            version.get().tag(),
            files.migrations().stream().map(ReleaseFiles.MigrationFile::version).toList()));
  }

  private static String unknown() {
    return "what the release carries is not known; 'verify.migrations' can name the folder of its"
        + " migrations";
  }
}
