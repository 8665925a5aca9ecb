package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges what migrations do to the version before, to the data that is there, and to others at work
 * meanwhile. It reads the files and asks no database. What it does not understand it calls unclear;
 * what it may have misunderstood is in this package's documentation.
 */
public final class MigrationLint {

  private final StatementLint statements = new StatementLint();

  /**
   * Judges those that an upgrade would apply, in their order.
   *
   * @param applied the files of those that the database holds: what they made is what the previous
   *     version knows
   * @param all whether there are no others in the database; if there may be, more is unclear
   * @param pending the files to judge
   * @return one for each pending file, ascending by version
   */
  public List<PendingMigration> judge(
      List<MigrationFile> applied, boolean all, List<MigrationFile> pending) {
    Known known = new Known();
    Scope scope = new Scope(known);
    for (MigrationFile file : inOrder(applied)) {
      read(file, scope);
      scope.takeFindings();
    }
    known.settle(all);
    List<PendingMigration> judged = new ArrayList<>();
    for (MigrationFile file : inOrder(pending)) {
      read(file, scope);
      judged.add(new PendingMigration(file.version(), file.path(), scope.takeFindings()));
    }
    return judged;
  }

  private static List<MigrationFile> inOrder(List<MigrationFile> files) {
    return files.stream().sorted(Comparator.comparing(MigrationFile::version)).toList();
  }

  private void read(MigrationFile file, Scope scope) {
    List<List<SqlToken>> all = Statements.of(SqlLexer.tokens(file.sql()));
    Map<Thing, Integer> lastMade = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      int place = i;
      CreateHead.made(Words.of(all.get(i))).ifPresent(thing -> lastMade.put(thing, place));
    }
    for (int i = 0; i < all.size(); i++) {
      int place = i;
      scope.madeLater(thing -> lastMade.getOrDefault(thing, -1) > place);
      statements.judge(all.get(i), scope);
    }
  }
}
