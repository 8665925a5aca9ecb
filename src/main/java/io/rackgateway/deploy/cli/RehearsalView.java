package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.Rehearsal.HeldLock;
import io.rackgateway.deploy.model.Rehearsal.MigrationRun;
import io.rackgateway.deploy.model.Rehearsal.SmokeRun;
import io.rackgateway.deploy.model.Rehearsal.TableChange;
import java.util.Locale;
import java.util.function.Consumer;

/** A rehearsal as a table for people. */
final class RehearsalView {

  private static final String ROW = "  %-1s %-14s %9s %10s  %s";

  private final Style style;
  private final Consumer<String> lines;

  RehearsalView(Style style, Consumer<String> lines) {
    this.style = style;
    this.lines = lines;
  }

  /** A few lines, in the course of a run. */
  void progress(Rehearsal rehearsal) {
    rehearsal.migrations().forEach(this::row);
    lines.accept("  " + mark(rehearsal.failure() == null) + " " + smokeLine(rehearsal));
    rehearsal.warnings().forEach(this::warning);
  }

  /** All of it, as the answer of a command. */
  void print(Rehearsal rehearsal) {
    lines.accept(
        "backup "
            + rehearsal.backup()
            + " restored into "
            + Output.clean(rehearsal.scratch())
            + " in "
            + Durations.show(rehearsal.restored()));
    lines.accept("");
    if (rehearsal.migrations().isEmpty()) {
      lines.accept(
          "  no migration is pending: the copy holds all that " + rehearsal.to() + " knows");
    } else {
      lines.accept(
          style.dim(String.format(Locale.ROOT, ROW, "", "migration", "time", "rows", "size")));
    }
    for (MigrationRun run : rehearsal.migrations()) {
      row(run);
      run.locks().forEach(this::lock);
      run.tables().forEach(this::table);
    }
    lines.accept("");
    lines.accept(smokeLine(rehearsal));
    for (SmokeRun query : rehearsal.smoke()) {
      String problem = query.problem();
      if (problem != null) {
        lines.accept("  " + mark(false) + " " + Output.clean(query.name() + ": " + problem));
      }
    }
    rehearsal.warnings().forEach(this::warning);
  }

  private void row(MigrationRun run) {
    String size =
        run.bytesAfter() == run.bytesBefore()
            ? Durations.bytes(run.bytesBefore())
            : Durations.bytes(run.bytesBefore()) + " → " + Durations.bytes(run.bytesAfter());
    String line =
        String.format(
            Locale.ROOT,
            ROW.substring("  %-1s ".length()),
            run.version(),
            Durations.show(run.duration()),
            String.format(Locale.ROOT, "%,d", run.rows()),
            size);
    lines.accept("  " + mark(run.failure() == null) + " " + Output.clean(line));
  }

  private void lock(HeldLock lock) {
    lines.accept(
        "      "
            + Output.clean(
                lock.table()
                    + ": "
                    + lock.mode()
                    + " for at most "
                    + Durations.show(lock.held())
                    + ", keeps out "
                    + lock.keepsOut()));
  }

  private void table(TableChange table) {
    lines.accept(
        "      "
            + Output.clean(
                String.format(
                    Locale.ROOT,
                    "%s: %,d inserted, %,d updated, %,d deleted%s",
                    table.table(),
                    table.inserted(),
                    table.updated(),
                    table.deleted(),
                    table.rewritten() ? ", rewritten as a whole" : "")));
  }

  private void warning(String text) {
    lines.accept("  " + style.warning("warn") + " " + Output.clean(text));
  }

  private String smokeLine(Rehearsal rehearsal) {
    if (rehearsal.smoke().isEmpty()) {
      return "no smoke query was run";
    }
    long broken = rehearsal.smoke().stream().filter(query -> query.problem() != null).count();
    return rehearsal.smoke().size()
        + " smoke queries of the version before: "
        + (broken == 0 ? "all answered" : broken + " failed");
  }

  private String mark(boolean good) {
    return good ? style.good("✓") : style.bad("✗");
  }
}
