package io.rackgateway.deploy.endtoend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The calls of a rack that changed something, in order, with names in the place of identities that
 * differ from run to run. Questions are left out: how often something is looked at is a matter of
 * time.
 */
final class Transcript {

  private static final Pattern IDENTITY =
      Pattern.compile(
          "\\b(?:[RB][A-Z]{9,10}|\\d{8}-\\d{6}-[0-9a-f]{6}|(?:gateway|admin)-[a-z]{5})\\b");

  private Transcript() {}

  static List<String> of(List<String> calls) {
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<String> told = new ArrayList<>();
    for (String call : calls) {
      boolean inside = call.contains("Command: sh ");
      if (call.startsWith("GET ")
          || call.startsWith("HEAD ")
          || call.contains("/logs")
          || call.contains("mark.json")
          || inside) {
        continue;
      }
      Matcher identity = IDENTITY.matcher(call);
      told.add(
          identity
              .replaceAll(match -> names.computeIfAbsent(match.group(), text -> name(text, counts)))
              .replaceAll("ADMIN_DATABASE_URL=[^,\\]]*", "ADMIN_DATABASE_URL=…"));
    }
    return told;
  }

  private static String name(String identity, Map<String, Integer> counts) {
    String kind =
        identity.startsWith("R")
            ? "RELEASE"
            : identity.startsWith("B")
                ? "BUILD"
                : Character.isDigit(identity.charAt(0)) ? "RUN" : "PROCESS";
    return kind + counts.merge(kind, 1, Integer::sum);
  }
}
