package io.rackgateway.deploy.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/** What a Rack Gateway in front of a {@link ConvoxRackStandIn} stops, hides and fills in. */
final class RackGateway {

  boolean secondFactor;
  boolean approvals;
  Set<String> approvedCommits = Set.of();
  Set<String> approvedCommands = Set.of();
  Set<String> masked = Set.of();

  /** The answer to what does not get through, or null. */
  MockResponse.@Nullable Builder stopped(RackCall call) {
    String route = call.route();
    boolean runs = route.equals("SOCKET /apps/*/processes/*/exec");
    boolean changes = !Set.of("GET", "HEAD", "SOCKET").contains(call.method());
    if (secondFactor && (changes || runs)) {
      return RackCall.text(401, "Multi-factor authentication is required for this action\n")
          .setHeader("X-MFA-Required", "true")
          .setHeader("X-MFA-Level", "step_up");
    }
    String denied = approvals ? denied(route) : null;
    String command = call.header("Command").strip();
    boolean known = approvedCommands.contains(command);
    boolean never = route.equals("POST /apps/*/releases");
    if (denied != null && (never || approvedCommits.isEmpty() || (runs && !known))) {
      return RackCall.text(403, denied + "\n");
    }
    boolean starts = approvals && route.equals("POST /apps/*/services/*/processes");
    if (starts && !known && !command.equals("sleep 3600")) {
      return RackCall.text(500, "{\"error\":\"command not approved: " + command + "\"}");
    }
    // Asked for whoever names a commit, approvals or not.
    String commit = call.form().getOrDefault("git-sha", "");
    boolean builds = route.equals("POST /apps/*/builds") && !commit.isEmpty();
    if (builds && !approvedCommits.contains(commit)) {
      String message = "deployment approval required for git commit " + commit;
      return RackCall.text(500, "{\"error\":\"" + message + "\"}");
    }
    return null;
  }

  /** What it says to those without an approval, or null when none is needed. */
  private static @Nullable String denied(String route) {
    if (route.startsWith("POST /apps/*/objects/")) {
      return "permission denied";
    }
    return switch (route) {
      case "POST /apps/*/builds",
          "GET /apps/*/builds/*",
          "SOCKET /apps/*/builds/*/logs",
          "GET /apps/*/releases/*" ->
          "permission denied";
      case "POST /apps/*/releases" -> "You don't have permission to create releases.";
      case "POST /apps/*/releases/*/promote" -> "You don't have permission to promote releases.";
      case "POST /apps/*/services/*/processes", "SOCKET /apps/*/processes/*/exec" ->
          "You don't have permission to run processes.";
      case "DELETE /apps/*/processes/*" -> "You don't have permission to stop processes.";
      default -> null;
    };
  }

  /** A release as it shows it. */
  ObjectNode masked(ObjectNode release) {
    String env =
        release
            .path("env")
            .asText()
            .lines()
            .map(line -> masked.contains(key(line)) ? hidden(line) : line)
            .collect(Collectors.joining("\n"));
    return release.put("env", env);
  }

  /** A form as it hands it on: what came back masked is as it is in the newest release. */
  static Map<String, String> unmasked(Map<String, String> form, String newest) {
    String env = form.get("env");
    if (env == null) {
      return form;
    }
    Map<String, String> known = RackManifest.environment(newest);
    Map<String, String> filled = new TreeMap<>(form);
    filled.put(
        "env",
        env.lines()
            .map(
                line ->
                    line.equals(hidden(line))
                        ? key(line) + "=" + known.getOrDefault(key(line), "")
                        : line)
            .collect(Collectors.joining("\n")));
    return filled;
  }

  private static String hidden(String line) {
    return key(line) + "=" + ConvoxRackStandIn.MASK;
  }

  private static String key(String line) {
    return line.replaceFirst("=.*", "");
  }
}
