package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.journal.EffectRecord;
import io.rackgateway.deploy.journal.Journal;
import io.rackgateway.deploy.journal.RunRecord;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last runs, the one that has not ended, and what the last one did. */
final class JournalParts {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int RUNS = 10;

  private final JournalSource source;
  private final String gateway;
  private final @Nullable RunId current;
  private final Findings findings;

  /**
   * @param current the run that is at work in this process; null when none is
   */
  JournalParts(JournalSource source, String gateway, @Nullable RunId current, Findings findings) {
    this.source = source;
    this.gateway = gateway;
    this.current = current;
    this.findings = findings;
  }

  List<Part> all() {
    return List.of(new Part("journal", "Journal", LIMIT, this::journal));
  }

  private String journal() {
    List<String> lines = new ArrayList<>();
    try {
      if (!source.read(journal -> read(journal, lines))) {
        return "there is no journal yet: this gateway was never upgraded from here";
      }
    } catch (DeployException.Locked e) {
      return "a run is at work: " + e.problem().summary();
    } catch (DeployException e) {
      findings.add(Findings.Rank.RUN, e.problem().summary());
      throw e;
    }
    return String.join("\n", lines);
  }

  private void read(Journal journal, List<String> lines) {
    List<RunRecord> runs = journal.runs(gateway, RUNS);
    if (runs.isEmpty()) {
      lines.add("no runs of '" + gateway + "' are recorded");
      return;
    }
    journal
        .holder(gateway)
        .ifPresent(holder -> lines.add("at work: run " + holder.run() + " of " + holder.owner()));
    Optional<RunRecord> unfinished = journal.unfinished(gateway);
    unfinished
        .filter(run -> !run.id().equals(current) && journal.holder(gateway).isEmpty())
        .ifPresent(
            run -> {
              lines.add("not ended: run " + run.id());
              findings.add(
                  Findings.Rank.RUN,
                  "run "
                      + run.id()
                      + " ("
                      + what(run)
                      + ") has not ended; 'resume' finishes or undoes it");
            });
    lines.add("last runs:");
    runs.forEach(
        run ->
            lines.add(
                "  "
                    + run.id()
                    + "  "
                    + what(run)
                    + "  "
                    + run.outcome()
                        .map(result -> result.outcome().label() + ": " + result.message())
                        .orElse("not ended")));
    RunRecord last = runs.get(0);
    lines.add("");
    lines.add("effects of run " + last.id() + ":");
    if (last.undoing() != null) {
      lines.add("  being undone: " + last.undoing());
    }
    journal.effects(last.id()).forEach(effect -> lines.add("  " + effect(effect)));
  }

  private static String what(RunRecord run) {
    Plan plan = run.plan();
    return plan == null ? run.command() : run.command() + " " + plan.from() + " → " + plan.to();
  }

  private static String effect(EffectRecord effect) {
    return "%s  %-15s %-20s %s%s%s"
        .formatted(
            effect.intendedAt(),
            effect.phase().label(),
            effect.name(),
            effect.state().name().toLowerCase(Locale.ROOT),
            effect.attempts() > 1 ? ", attempt " + effect.attempts() : "",
            effect.reason() == null ? "" : ": " + effect.reason());
  }
}
