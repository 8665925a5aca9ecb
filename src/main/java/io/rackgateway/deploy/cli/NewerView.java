package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Newest;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.Targets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether there is something to upgrade to, and what. */
final class NewerView {

  private final Version current;
  private final Targets targets;
  private final Optional<Release> newest;

  NewerView(Version current, Targets targets) {
    this.current = current;
    this.targets = targets;
    this.newest = targets.newer(current);
  }

  boolean newer() {
    return newest.isPresent();
  }

  List<String> lines() {
    if (newest.isEmpty()) {
      return List.of(current + " runs, and nothing newer was released.");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        current + " runs; " + newest.get().version() + " was released: " + newest.get().url());
    for (Newest kind : Newest.values()) {
      ofKind(kind)
          .ifPresent(version -> lines.add("  --to " + kind.word() + " would be " + version));
    }
    return lines;
  }

  /** The fields of the answer as JSON; what does not exist is left out. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("current", current.tag());
    fields.put("newer", newer());
    for (Newest kind : Newest.values()) {
      ofKind(kind).ifPresent(version -> fields.put(kind.word(), version.tag()));
    }
    newest.ifPresent(release -> fields.put("url", release.url()));
    return fields;
  }

  private Optional<Version> ofKind(Newest kind) {
    return newest.isEmpty()
        ? Optional.empty()
        : targets.newestAfter(kind, current).map(Release::version);
  }
}
