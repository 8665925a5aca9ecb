package io.rackgateway.deploy.release.environment;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.EnvironmentVariable;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.ReleaseSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the gateway has the variables that the target needs: those that the target's manifest
 * requires and the current one's does not, and those that the configuration lists. Names only.
 */
public final class EnvironmentGate implements GateCheck {

  /** The gate's name. */
  public static final String NAME = "environment";

  private static final int MOST_DETAILS = 20;
  private static final String CONFIGURED = "gates.environment";

  private final @Nullable ReleaseSource source;
  private final String manifest;
  private final List<String> configured;

  /**
   * @param manifest the manifest's name in a release's source, for people: {@code convox.yml}
   * @param configured the variables that {@code gates.environment} lists
   */
  public EnvironmentGate(ReleaseSource source, String manifest, List<String> configured) {
    this.source = source;
    this.manifest = manifest;
    this.configured = List.copyOf(configured);
  }

  /** Where releases are not looked at: only what the configuration lists is judged. */
  public EnvironmentGate(List<String> configured) {
    this.source = null;
    this.manifest = "";
    this.configured = List.copyOf(configured);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public GateAnswer answer(GateContext context) {
    ReleaseSource releases = source;
    Needs needs =
        releases == null
            ? new Needs(Set.of(), false, ", as releases are not looked at")
            : needs(releases, context.from(), context.to());
    Map<String, String> origins = new LinkedHashMap<>();
    needs.names().forEach(name -> origins.put(name, manifest + " of " + context.to()));
    configured.forEach(name -> origins.putIfAbsent(name, CONFIGURED));
    if (origins.isEmpty()) {
      return GateAnswer.of(satisfied(needs, "no variable"));
    }
    Set<String> set = context.surroundings().environment();
    if (set == null) {
      throw unknown(origins);
    }
    List<EnvironmentVariable> variables = new ArrayList<>();
    origins.forEach(
        (name, origin) -> variables.add(new EnvironmentVariable(name, origin, set.contains(name))));
    Gate gate = judge(needs, variables, context.observation().platform());
    return new GateAnswer(gate, Outlook.ofEnvironment(variables));
  }

  private static Gate judge(Needs needs, List<EnvironmentVariable> variables, String platform) {
    List<EnvironmentVariable> missing = variables.stream().filter(v -> !v.set()).toList();
    if (missing.isEmpty()) {
      return satisfied(needs, count(variables.size(), "variable") + ", all set,");
    }
    List<String> names = missing.stream().map(EnvironmentVariable::name).toList();
    return Gate.block(
            NAME,
            String.join(", ", names.subList(0, Math.min(5, names.size())))
                + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : "")
                + (names.size() == 1 ? " is" : " are")
                + " needed and not set"
                + needs.remark(),
            SetCommand.of(platform, names)
                + ", or go on without: "
                + names.stream()
                    .map(name -> "--accept " + NAME + "=" + name)
                    .collect(Collectors.joining(" ")))
        .withDetails(
            missing.stream()
                .limit(MOST_DETAILS)
                .map(v -> v.name() + ": " + v.origin() + " asks for it")
                .toList())
        .acknowledgedBy(names);
  }

  private static Gate satisfied(Needs needs, String what) {
    return needs.known()
        ? Gate.pass(NAME, what + " is newly needed" + needs.remark())
        : Gate.warn(
            NAME,
            "whether other variables are newly needed is not known" + needs.remark(),
            "compare what the gateway has with the release's documentation");
  }

  /**
   * What the releases say.
   *
   * @param known whether the target says it at all
   * @param remark what is to be said about how it was found, empty or from "; " on
   */
  private record Needs(Set<String> names, boolean known, String remark) {}

  private Needs needs(ReleaseSource source, Version from, Version to) {
    List<Release> releases = source.releases();
    String target = source.files(tag(releases, to)).manifest();
    if (target == null) {
      return new Needs(Set.of(), false, "; " + to + " has no " + manifest);
    }
    Set<String> required;
    try {
      required = new TreeSet<>(ManifestEnvironment.required(target));
    } catch (ManifestEnvironment.Malformed e) {
      throw new DeployException.Blocked(
          Problem.of(
              manifest + " of " + to + " cannot be understood: " + e.getMessage(),
              "compare what the gateway has with the release's documentation, then accept that"
                  + " this was not evaluated"));
    }
    String doubt = null;
    try {
      String current = source.files(tag(releases, from)).manifest();
      if (current == null) {
        doubt = from + " has no " + manifest;
      } else {
        required.removeAll(ManifestEnvironment.required(current));
      }
    } catch (ManifestEnvironment.Malformed e) {
      doubt = manifest + " of " + from + " cannot be understood: " + e.getMessage();
    } catch (DeployException.Blocked e) {
      doubt = manifest + " of " + from + " cannot be read: " + e.problem().summary();
    }
    return new Needs(required, true, remark(doubt, to));
  }

  private static String remark(@Nullable String doubt, Version to) {
    return doubt == null ? "" : "; " + doubt + ", so all that " + to + " requires was judged";
  }

  private static String tag(List<Release> releases, Version version) {
    return releases.stream()
        .filter(release -> release.version().compareTo(version) == 0)
        .map(Release::tag)
        .findFirst()
        .orElse(version.tag());
  }

  private static DeployException.Blocked unknown(Map<String, String> origins) {
    return new DeployException.Blocked(
        new Problem(
            "it is not known which variables are set for the gateway; "
                + count(origins.size(), "variable")
                + (origins.size() == 1 ? " is" : " are")
                + " needed",
            "look at the gateway's environment yourself, then accept that this was not evaluated",
            origins.entrySet().stream()
                .limit(MOST_DETAILS)
                .map(e -> e.getKey() + ": " + e.getValue() + " asks for it")
                .toList()));
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
