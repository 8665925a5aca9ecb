package io.rackgateway.deploy.migration;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.migration.lint.MigrationLint;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.release.ReleaseSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which migrations the upgrade would apply, and whether the running version could live with them:
 * that decides whether rolling back needs the database restored.
 *
 * <p>Blocks for a migration that breaks the running version, lifted by its version ({@code
 * migrations=20250201000000}), and for a database that holds migrations which the target does not
 * know, lifted by the newest of them ({@code migrations=ahead-20250301000000}). Warns of what may
 * fail on the data, of locks on big tables, and of what the lint cannot judge.
 */
public final class MigrationsGate implements GateCheck {

  private static final String NAME = "migrations";

  private final ReleaseSource releases;
  private final TableSizes sizes;
  private final long bigTable;
  private final MigrationLint lint = new MigrationLint();

  /**
   * @param bigTable from how many rows on a lock on a table needs attention
   */
  public MigrationsGate(ReleaseSource releases, TableSizes sizes, long bigTable) {
    this.releases = releases;
    this.sizes = sizes;
    this.bigTable = bigTable;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public GateAnswer answer(GateContext context) {
    List<MigrationFile> target = releases.files(context.to().tag()).migrations();
    Set<String> applied = new TreeSet<>(applied(context));
    if (target.isEmpty() && !applied.isEmpty()) {
      throw new DeployException.Blocked(
          Problem.of(
              "the source of "
                  + context.to()
                  + " holds no migrations, though the database or "
                  + context.from()
                  + " does",
              "let releases.migrations name their folder in the source"));
    }
    Set<String> ahead = new TreeSet<>(applied);
    target.forEach(file -> ahead.remove(file.version()));
    List<PendingMigration> pending =
        lint.judge(
            target.stream().filter(file -> applied.contains(file.version())).toList(),
            ahead.isEmpty(),
            target.stream().filter(file -> !applied.contains(file.version())).toList());
    MigrationsJudgement judgement =
        new MigrationsJudgement(context, pending, List.copyOf(ahead), sizesFor(pending), bigTable);
    return new GateAnswer(judgement.gate(NAME), Outlook.ofMigrations(pending));
  }

  /** Those in the database; where it cannot tell, those that the running version brings along. */
  private List<String> applied(GateContext context) {
    return context.schema().known()
        ? context.schema().applied()
        : releases.files(context.from().tag()).migrations().stream()
            .map(MigrationFile::version)
            .toList();
  }

  private Map<String, TableSize> sizesFor(List<PendingMigration> pending) {
    Set<String> tables =
        pending.stream()
            .flatMap(migration -> migration.findings().stream())
            .map(PendingMigration.Finding::table)
            .filter(table -> !table.isEmpty())
            .collect(Collectors.toCollection(HashSet::new));
    return tables.isEmpty() ? Map.of() : sizes.of(tables, bigTable);
  }
}
