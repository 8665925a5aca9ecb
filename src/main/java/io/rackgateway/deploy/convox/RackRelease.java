package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * A release: a build with an environment. It takes effect when it is promoted, and can never be
 * changed or deleted.
 *
 * @param id {@code R} and capital letters
 * @param build the build's id; empty for none
 * @param env the environment, a line {@code NAME=VALUE} for each variable: secrets are in it
 * @param manifest the text of {@code convox.yml}
 * @param created when, as the rack tells it
 */
public record RackRelease(
    String id, String build, String env, String manifest, String description, String created) {

  static RackRelease of(JsonNode found) {
    return new RackRelease(
        Fields.text(found, "id"),
        Fields.text(found, "build"),
        Fields.text(found, "env"),
        Fields.text(found, "manifest"),
        Fields.text(found, "description"),
        Fields.text(found, "created"));
  }

  /** The variables by name. A value may be of several lines. */
  public Map<String, String> variables() {
    return RackEnvironment.parse(env);
  }

  /** The names of variables that differ from another environment, sorted, with what they do. */
  public Map<String, String> differencesTo(RackRelease other) {
    Map<String, String> mine = variables();
    Map<String, String> theirs = other.variables();
    Map<String, String> differences = new TreeMap<>();
    mine.forEach(
        (name, value) -> {
          if (!theirs.containsKey(name)) {
            differences.put(name, "only in " + id);
          } else if (!value.equals(theirs.get(name))) {
            differences.put(name, "differs");
          }
        });
    theirs
        .keySet()
        .forEach(
            name -> {
              if (!mine.containsKey(name)) {
                differences.put(name, "only in " + other.id());
              }
            });
    return differences;
  }

  /** Without the environment. */
  @Override
  public String toString() {
    return id + " of build " + build;
  }
}
