package io.rackgateway.deploy.event;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Check;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.PlannedStep;
import io.rackgateway.deploy.model.Rehearsal;
import io.rackgateway.deploy.model.Restored;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.model.SchemaState;
import java.util.Map;
import java.util.Set;

/**
 * Text fields that programs act upon and that are never masked: whoever fills them puts no secret
 * there. Any field that is not listed is masked. The steps of a plan are exact because its hash
 * covers them.
 */
final class ExactFields {

  static final Map<Class<?>, Set<String>> NAMES =
      Map.ofEntries(
          Map.entry(
              Event.RunStarted.class,
              Set.of("command", "gateway", "platform", "from", "to", "planHash")),
          Map.entry(Event.EffectStarted.class, Set.of("name")),
          Map.entry(Event.EffectFinished.class, Set.of("name")),
          Map.entry(Gate.class, Set.of("name")),
          Map.entry(Check.class, Set.of("name")),
          Map.entry(Backup.class, Set.of("id", "kind", "gateway", "location", "sha256")),
          Map.entry(Rehearsal.class, Set.of("gateway", "backup", "to")),
          Map.entry(Rehearsal.MigrationRun.class, Set.of("version", "file")),
          Map.entry(
              RunResult.class,
              Set.of(
                  "run", "command", "gateway", "from", "to", "running", "planHash", "diagnostics")),
          Map.entry(
              Plan.class,
              Set.of(
                  "gateway",
                  "platform",
                  "location",
                  "fromReference",
                  "fromImage",
                  "toReference",
                  "restores",
                  "toolVersion")),
          Map.entry(Restored.class, Set.of("backup", "oldDatabase")),
          Map.entry(Restored.Delta.class, Set.of("location")),
          Map.entry(
              ManifestEdit.class, Set.of("file", "before", "after", "sha256Before", "sha256After")),
          Map.entry(PlannedStep.class, Set.of("name", "description")),
          Map.entry(SchemaState.class, Set.of("applied", "unknown")));

  private ExactFields() {}

  static boolean contains(Class<?> type, String component) {
    return NAMES.getOrDefault(type, Set.of()).contains(component);
  }
}
