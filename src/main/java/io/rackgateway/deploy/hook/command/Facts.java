package io.rackgateway.deploy.hook.command;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.process.Commands;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run is about, as variables of an environment. {@code docs/notices.md} describes them; none
 * holds a secret.
 */
final class Facts {

  private static final String PREFIX = "RACK_GATEWAY_DEPLOY_";

  private Facts() {}

  static Map<String, String> before(RunId run, Plan plan) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(Commands.MARK, run.value());
    facts.put(PREFIX + "HOOK", "before");
    facts.put(PREFIX + "GATEWAY", plan.gateway());
    facts.put(PREFIX + "PLATFORM", plan.platform());
    facts.put(PREFIX + "KIND", kind(plan));
    facts.put(PREFIX + "FROM", plan.from().tag());
    facts.put(PREFIX + "TO", plan.to().tag());
    facts.put(
        PREFIX + "MANIFESTS",
        plan.edits().stream().map(ManifestEdit::file).distinct().collect(Collectors.joining("\n")));
    return facts;
  }

  /**
   * @param file where the whole result is; null where it could not be written
   */
  static Map<String, String> after(Plan plan, RunResult result, @Nullable String file) {
    Map<String, String> facts = before(new RunId(String.valueOf(result.run())), plan);
    facts.put(PREFIX + "HOOK", "after");
    facts.put(PREFIX + "OUTCOME", result.outcome().label());
    facts.put(PREFIX + "EXIT_CODE", Integer.toString(result.outcome().code()));
    facts.put(PREFIX + "MESSAGE", result.message());
    facts.put(PREFIX + "RUNNING", text(result.running()));
    facts.put(PREFIX + "ROLLED_BACK", Boolean.toString(result.rolledBack()));
    Backup backup = result.backup();
    facts.put(PREFIX + "BACKUP", backup == null ? "" : backup.location());
    Downtime downtime = result.downtime();
    facts.put(
        PREFIX + "DOWNTIME_MS", downtime == null ? "" : Long.toString(downtime.total().toMillis()));
    facts.put(PREFIX + "DIAGNOSTICS", text(result.diagnostics()));
    facts.put(PREFIX + "RESULT", text(file));
    return facts;
  }

  private static String kind(Plan plan) {
    return plan.restores() != null && plan.from().equals(plan.to())
        ? "restore"
        : plan.kind().name().toLowerCase(Locale.ROOT);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
