package io.rackgateway.deploy.migration.lint;

import io.rackgateway.deploy.migration.lint.Known.Thing;
import io.rackgateway.deploy.migration.lint.Known.What;
import java.util.Optional;

/** ADD and DROP CONSTRAINT on a table that is there. */
final class ConstraintRule {

  void add(Name table, Words words, int line, Scope scope) {
    Constraint constraint = Constraint.read(words);
    Known known = scope.known();
    Optional<Thing> thing =
        constraint.nameOn(table).map(name -> Thing.of(What.CONSTRAINT, table, name));
    boolean replaces = thing.filter(known::wasDropped).isPresent();
    if (replaces) {
      replaced(table, constraint, line, scope);
    } else {
      NewConstraint.judge(table, constraint, constraint.type().words(), line, scope);
    }
    boolean primaryKey = constraint.type() == Constraint.Type.PRIMARY_KEY;
    if (constraint.usingIndex() && primaryKey) {
      scope.dependsOnData(line, table, "makes the columns of an index NOT NULL; fails on NULL");
    }
    if (constraint.validated() && (!constraint.usingIndex() || primaryKey)) {
      scope.locks(line, table, waiting(constraint.type()));
    }
    CreateTableRule.remember(table, constraint, false, known);
  }

  private static void replaced(Name table, Constraint constraint, int line, Scope scope) {
    String words = "replaces " + constraint.type().words() + " by another of the same name";
    scope.unclear(
        line, table, words + ": the previous version can live with a wider one, not a narrower");
    if (constraint.validated()) {
      scope.dependsOnData(line, table, words + "; fails if rows violate it");
    }
  }

  private static String waiting(Constraint.Type type) {
    return switch (type) {
      case UNIQUE, PRIMARY_KEY, EXCLUDE -> "builds an index while all else waits";
      case FOREIGN_KEY -> "looks through the table while writers wait";
      case CHECK, NOT_NULL -> "looks through the table while all else waits";
    };
  }

  void drop(Name table, Words words, int line, Scope scope) {
    words.accept("if", "exists");
    String name = words.plainName();
    boolean cascade = words.accept("cascade");
    Known known = scope.known();
    Thing thing = Thing.of(What.CONSTRAINT, table, name);
    boolean fresh = known.fresh(thing);
    Optional<Constraint.Type> type =
        known.detail(thing).map(Constraint.Type::valueOf).or(() -> Constraint.typeByName(name));
    known.drop(thing);
    if (fresh && !cascade) {
      return;
    }
    String shown = Name.of(name).toString();
    if (type.isEmpty()) {
      scope.unclear(
          line,
          table,
          "drops constraint " + shown + ": if it is a key, ON CONFLICT may ask for it");
      return;
    }
    switch (type.get()) {
      case UNIQUE, PRIMARY_KEY, EXCLUDE ->
          scope.breaks(
              line,
              table,
              "drops " + type.get().words() + ", " + shown + ", which ON CONFLICT may ask for");
      case FOREIGN_KEY ->
          scope.unclear(
              line, table, "drops foreign key " + shown + ", on whose ON DELETE code may rely");
      case NOT_NULL ->
          scope.unclear(
              line, table, "allows NULL, which the previous version may not be able to read");
      case CHECK -> {
        // More is allowed than before.
      }
    }
  }
}
