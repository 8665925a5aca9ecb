package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.model.PendingMigration.Finding;
import io.rackgateway.deploy.model.PendingMigration.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a rule knows while it judges a statement, and where it puts what it finds. */
final class Scope {

  private static final int LONGEST_REASON = 200;

  private final Known known;
  private final List<Finding> findings = new ArrayList<>();
  private Predicate<Thing> madeLater = thing -> false;

  Scope(Known known) {
    this.known = known;
  }

  Known known() {
    return known;
  }

  /** Tells what the rest of the file makes. */
  void madeLater(Predicate<Thing> inRest) {
    this.madeLater = inRest;
  }

  boolean isMadeLater(Thing thing) {
    return madeLater.test(thing);
  }

  void breaks(int line, @Nullable Name table, String reason) {
    add(Kind.BREAKS_OLD_VERSION, line, table, reason);
  }

  void dependsOnData(int line, @Nullable Name table, String reason) {
    add(Kind.DEPENDS_ON_DATA, line, table, reason);
  }

  void locks(int line, @Nullable Name table, String reason) {
    add(Kind.LOCKS, line, table, reason);
  }

  void unclear(int line, @Nullable Name table, String reason) {
    add(Kind.UNCLEAR, line, table, reason);
  }

  private void add(Kind kind, int line, @Nullable Name table, String reason) {
    String name = table == null ? "" : plain(table.toString());
    String sentence = plain(reason);
    if (sentence.length() > LONGEST_REASON) {
      sentence = sentence.substring(0, LONGEST_REASON - 1) + "…";
    }
    findings.add(new Finding(kind, line, name, sentence));
  }

  /** Names may hold anything, and what is written here goes to terminals. */
  private static String plain(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}\u2028\u2029]+", " ");
  }

  /** Those of the file, and none any more. */
  List<Finding> takeFindings() {
    List<Finding> taken = List.copyOf(findings);
    findings.clear();
    return taken;
  }
}
