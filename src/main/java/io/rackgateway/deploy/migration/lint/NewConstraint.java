package io.rackgateway.deploy.migration.lint;

import java.util.Set;
import java.util.function.Predicate;

/** Whether the rows that are there, and those that the previous version writes, may violate it. */
final class NewConstraint {

  private NewConstraint() {}

  /**
   * @param words what it is, for people
   */
  static void judge(Name table, Constraint constraint, String words, int line, Scope scope) {
    boolean harmless = harmless(table, constraint, scope.known());
    if (!harmless) {
      scope.breaks(line, table, "adds " + words + " that rows of the previous version may violate");
    }
    boolean mayFail = !harmless || scope.known().isUpdated(table);
    if (constraint.validated() && !constraint.usingIndex() && mayFail) {
      scope.dependsOnData(line, table, "adds " + words + "; fails if rows violate it already");
    }
  }

  /**
   * Whether no row of a version that does not know the new columns can violate it: NULL equals
   * nothing, refers to nothing and passes checks that do not ask for it.
   */
  private static boolean harmless(Name table, Constraint constraint, Known known) {
    Set<String> columns = constraint.columns();
    if (constraint.usingIndex() && constraint.type() == Constraint.Type.UNIQUE) {
      return true;
    }
    if (columns.isEmpty() || constraint.judgesNull()) {
      return false;
    }
    Predicate<String> newAndNull =
        name -> known.freshColumn(table, name).filter(Column::nullForOthers).isPresent();
    return switch (constraint.type()) {
      case UNIQUE, FOREIGN_KEY -> columns.stream().anyMatch(newAndNull);
      case CHECK -> columns.stream().allMatch(newAndNull);
      case PRIMARY_KEY, EXCLUDE, NOT_NULL -> false;
    };
  }
}
