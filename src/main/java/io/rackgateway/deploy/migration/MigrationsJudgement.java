package io.rackgateway.deploy.migration;

import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.PendingMigration;
import io.rackgateway.deploy.model.PendingMigration.Finding;
import io.rackgateway.deploy.model.PendingMigration.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Words for what was found.
 *
 * @param pending ascending by version
 * @param ahead those that the database holds and the target does not know, ascending
 * @param sizes of all tables in the findings
 */
record MigrationsJudgement(
    GateContext context,
    List<PendingMigration> pending,
    List<String> ahead,
    Map<String, TableSize> sizes,
    long bigTable) {

  private static final int MOST_DETAILS = 20;
  private static final int MOST_NAMED = 3;

  Gate gate(String name) {
    List<String> blocked = new ArrayList<>();
    List<String> acknowledge = new ArrayList<>();
    if (!ahead.isEmpty()) {
      blocked.add(aheadSentence());
      acknowledge.add("ahead-" + ahead.get(ahead.size() - 1));
    }
    List<PendingMigration> breaking =
        pending.stream().filter(migration -> migration.has(Kind.BREAKS_OLD_VERSION)).toList();
    if (!breaking.isEmpty()) {
      blocked.add(breakingSentence());
      breaking.forEach(migration -> acknowledge.add(migration.version()));
    }
    if (!blocked.isEmpty()) {
      assumption().ifPresent(blocked::add);
      return Gate.block(name, String.join("; ", blocked), nextForBlock(name, breaking, acknowledge))
          .withDetails(details())
          .acknowledgedBy(acknowledge);
    }
    List<String> warnings = warnings();
    assumption().ifPresent(warnings::add);
    if (!warnings.isEmpty()) {
      return Gate.warn(name, count() + ": " + String.join("; ", warnings), nextForWarning())
          .withDetails(details());
    }
    return Gate.pass(name, passSentence()).withDetails(details());
  }

  private String aheadSentence() {
    List<String> named = ahead.subList(Math.max(0, ahead.size() - MOST_NAMED), ahead.size());
    return "the "
        + (context.schema().known() ? "database" : "running version")
        + " holds "
        + counted(ahead.size(), "migration")
        + " that "
        + context.to()
        + " does not know: "
        + (named.size() < ahead.size() ? "…, " : "")
        + String.join(", ", named);
  }

  private String breakingSentence() {
    List<String> named = new ArrayList<>();
    int more = 0;
    for (PendingMigration migration : pending) {
      for (Finding finding : migration.findings()) {
        if (finding.kind() == Kind.BREAKS_OLD_VERSION && named.size() < MOST_NAMED) {
          named.add(place(migration, finding) + " " + subject(finding) + finding.reason());
        } else if (finding.kind() == Kind.BREAKS_OLD_VERSION) {
          more++;
        }
      }
    }
    return context.from()
        + " cannot work with the schema afterwards: "
        + String.join(", ", named)
        + (more > 0 ? ", and " + more + " more" : "")
        + "; rolling back needs the database restored";
  }

  private String nextForBlock(
      String name, List<PendingMigration> breaking, List<String> acknowledge) {
    String accept =
        String.join(
            " ", acknowledge.stream().map(value -> "--accept " + name + "=" + value).toList());
    if (breaking.isEmpty()) {
      return "find out which release brought them, and upgrade to that or a later one; or "
          + accept;
    }
    return "read them; if restoring the backup is an acceptable way back, " + accept;
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    long unclear = findings(finding -> finding.kind() == Kind.UNCLEAR);
    long data = findings(finding -> finding.kind() == Kind.DEPENDS_ON_DATA);
    if (unclear > 0) {
      warnings.add(
          counted(unclear, "statement")
              + " cannot be judged, so it is not known whether "
              + context.from()
              + " can work with the schema afterwards");
    }
    if (data > 0) {
      warnings.add(counted(data, "statement") + " may fail on the data that is there");
    }
    if (findings(this::locksBigTable) > 0) {
      warnings.add("locks for long: " + String.join(", ", bigTables()));
    }
    return warnings;
  }

  private List<String> bigTables() {
    return pending.stream()
        .flatMap(migration -> migration.findings().stream())
        .filter(this::locksBigTable)
        .map(Finding::table)
        .distinct()
        .map(table -> table.isEmpty() ? "a table" : table + " (" + size(table).text() + ")")
        .toList();
  }

  private boolean locksBigTable(Finding finding) {
    return finding.kind() == Kind.LOCKS && size(finding.table()).mayReach(bigTable);
  }

  private TableSize size(String table) {
    return sizes.getOrDefault(table, TableSize.unknown("nobody asked for them"));
  }

  private String nextForWarning() {
    return findings(finding -> finding.kind() != Kind.LOCKS) > 0
        ? "read the statements below in the source of " + context.to()
        : context.schema().known()
            ? "upgrade when the gateway has little to do"
            : "give database.url, so that the database itself can be asked";
  }

  private Optional<String> assumption() {
    String unknown = context.schema().unknown();
    return Optional.ofNullable(unknown)
        .map(
            reason ->
                "assumed from the sources of "
                    + context.from()
                    + " and "
                    + context.to()
                    + ", as the database could not tell: "
                    + reason);
  }

  private String passSentence() {
    if (pending.isEmpty()) {
      return "none to apply: the database holds all that " + context.to() + " knows";
    }
    boolean locks = findings(finding -> finding.kind() == Kind.LOCKS) > 0;
    return count()
        + (locks ? ", with locks on small tables only; " : ", all additive; ")
        + context.from()
        + " can work with the schema afterwards";
  }

  private String count() {
    return counted(pending.size(), "migration");
  }

  /** In the order of the files, or where that is too much, the gravest first. */
  private List<String> details() {
    List<String> lines = new ArrayList<>();
    late().ifPresent(lines::add);
    for (PendingMigration migration : pending) {
      if (migration.findings().isEmpty()) {
        lines.add(plain(migration.file()) + ": additive");
      }
      migration.findings().forEach(finding -> lines.add(line(migration, finding)));
    }
    return lines.size() <= MOST_DETAILS ? lines : gravest();
  }

  private List<String> gravest() {
    List<String> lines = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (PendingMigration migration : pending) {
        migration.findings().stream()
            .filter(finding -> finding.kind() == kind)
            .forEach(finding -> lines.add(line(migration, finding)));
      }
    }
    if (lines.size() < MOST_DETAILS) {
      return lines;
    }
    List<String> shown = new ArrayList<>(lines.subList(0, MOST_DETAILS - 1));
    shown.add("and " + (lines.size() - shown.size()) + " more");
    return shown;
  }

  /** Some that are older than one that was applied: they were left out, or come from elsewhere. */
  private Optional<String> late() {
    List<String> applied = context.schema().applied();
    if (applied.isEmpty()) {
      return Optional.empty();
    }
    String newest = applied.get(applied.size() - 1);
    long late = pending.stream().filter(each -> each.version().compareTo(newest) < 0).count();
    return late == 0
        ? Optional.empty()
        : Optional.of(counted(late, "migration") + " older than the newest applied, " + newest);
  }

  private String line(PendingMigration migration, Finding finding) {
    String table =
        finding.table().isEmpty()
            ? ""
            : " " + finding.table() + " (" + size(finding.table()).text() + ")";
    return place(migration, finding)
        + " "
        + finding.kind().label()
        + table
        + ": "
        + finding.reason();
  }

  /** Paths come from upstream, and this goes to terminals. */
  private static String plain(String path) {
    return path.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }

  private static String subject(Finding finding) {
    return finding.table().isEmpty() ? "" : finding.table() + " ";
  }

  private static String place(PendingMigration migration, Finding finding) {
    return plain(migration.file()) + ":" + finding.line();
  }

  private long findings(Predicate<Finding> which) {
    return pending.stream().flatMap(each -> each.findings().stream()).filter(which).count();
  }

  private static String counted(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
