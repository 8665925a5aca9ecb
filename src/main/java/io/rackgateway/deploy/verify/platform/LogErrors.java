package io.rackgateway.deploy.verify.platform;

import io.rackgateway.deploy.model.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Errors of a log, and which of them are the upgrade's.
 *
 * @param fresh those that count against the version
 * @param known those that were there before the upgrade
 * @param foreign those that only instances logged which are not the version's
 * @param before how often each was logged before; null where that is not known
 * @param breakOff why the log could not be read to its end; null when it could
 */
record LogErrors(
    List<LoggedError> fresh,
    List<LoggedError> known,
    List<LoggedError> foreign,
    @Nullable Map<String, Integer> before,
    @Nullable String breakOff) {

  private static final int NAMED = 3;
  private static final int INSTANCES_NAMED = 5;

  /**
   * Sorts them.
   *
   * @param foreign finds the instances that are not the version's; asked only where it matters
   */
  static LogErrors of(
      List<LoggedError> all,
      @Nullable Baseline baseline,
      Supplier<Set<String>> foreign,
      @Nullable String breakOff) {
    Map<String, Integer> before = baseline == null ? null : baseline.errors();
    List<LoggedError> fresh = new ArrayList<>();
    List<LoggedError> known = new ArrayList<>();
    for (LoggedError error : all) {
      (before != null && before.containsKey(error.signature()) ? known : fresh).add(error);
    }
    List<LoggedError> others = new ArrayList<>();
    if (fresh.stream().anyMatch(error -> !error.instances().containsKey(""))) {
      Set<String> names = foreign.get();
      fresh.removeIf(error -> names.containsAll(error.instances().keySet()) && others.add(error));
    }
    return new LogErrors(fresh, known, others, before, breakOff);
  }

  boolean anyNew() {
    return !fresh.isEmpty();
  }

  boolean any() {
    return !fresh.isEmpty() || !known.isEmpty() || !foreign.isEmpty();
  }

  /** What there is to say of them, the worst first. */
  String evidence() {
    List<String> parts = new ArrayList<>();
    if (!fresh.isEmpty()) {
      String kind = before == null ? "error" : "new error";
      parts.add(Counted.of(total(fresh), kind) + " in the log: " + named(fresh));
    }
    if (!known.isEmpty()) {
      parts.add(
          Counted.of(total(known), "error")
              + " of kinds that were logged before the upgrade, too: "
              + named(known));
    }
    if (!foreign.isEmpty()) {
      parts.add(
          Counted.of(total(foreign), "error")
              + " of instances that are not this version's: "
              + named(foreign));
    }
    if (breakOff != null) {
      parts.add("the log broke off there: " + breakOff);
    }
    for (List<LoggedError> errors : List.of(fresh, known, foreign)) {
      if (!errors.isEmpty()) {
        parts.add("the first with the lines around it: " + excerpt(errors.get(0)));
        break;
      }
    }
    return String.join("; ", parts);
  }

  private static long total(List<LoggedError> errors) {
    return errors.stream().mapToLong(LoggedError::times).sum();
  }

  private String named(List<LoggedError> errors) {
    String names = errors.stream().limit(NAMED).map(this::named).collect(Collectors.joining(", "));
    return errors.size() > NAMED
        ? names + " and " + Counted.of(errors.size() - NAMED, "further kind")
        : names;
  }

  private String named(LoggedError error) {
    Integer times = before == null ? null : before.get(error.signature());
    return "'"
        + error.signature()
        + "' "
        + Counted.times(error.times())
        + on(error.instances())
        + (times == null ? "" : " (before: " + Counted.times(times) + ")");
  }

  private static String on(Map<String, Long> instances) {
    List<String> names =
        instances.keySet().stream().filter(name -> !name.isEmpty()).sorted().toList();
    if (names.isEmpty()) {
      return "";
    }
    return " on "
        + String.join(", ", names.subList(0, Math.min(INSTANCES_NAMED, names.size())))
        + (names.size() > INSTANCES_NAMED
            ? " and " + (names.size() - INSTANCES_NAMED) + " more"
            : "");
  }

  private static String excerpt(LoggedError error) {
    return error.excerpt().isEmpty()
        ? "(not kept)"
        : error.excerpt().stream().map(line -> "'" + line + "'").collect(Collectors.joining(" | "));
  }
}
