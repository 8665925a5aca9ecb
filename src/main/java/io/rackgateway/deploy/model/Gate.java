package io.rackgateway.deploy.model;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One condition on going on.
 *
 * @param name stable, lower case: {@code compatibility}
 * @param evidence what was found, one sentence without secrets
 * @param next what to do about a warning or a block; null when passed
 * @param details what the evidence rests on, one line each: quotes with links, file and line; may
 *     be empty
 * @param acknowledge the values that a person can accept to lift the block, each as {@code --accept
 *     NAME=VALUE}; empty where a block cannot be lifted by words
 * @param accepted those of them that were accepted
 */
public record Gate(
    String name,
    Result result,
    String evidence,
    @Nullable String next,
    List<String> details,
    List<String> acknowledge,
    List<String> accepted) {

  /** How the gate stands. */
  public enum Result {
    PASS,
    WARN,
    BLOCK;

    /** The name in output and events. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Gate {
    details = List.copyOf(details);
    acknowledge = List.copyOf(acknowledge);
    accepted = List.copyOf(accepted);
  }

  public static Gate pass(String name, String evidence) {
    return new Gate(name, Result.PASS, evidence, null, List.of(), List.of(), List.of());
  }

  public static Gate warn(String name, String evidence, String next) {
    return new Gate(name, Result.WARN, evidence, next, List.of(), List.of(), List.of());
  }

  public static Gate block(String name, String evidence, String next) {
    return new Gate(name, Result.BLOCK, evidence, next, List.of(), List.of(), List.of());
  }

  /** The gate with the lines that its evidence rests on. */
  public Gate withDetails(List<String> lines) {
    return new Gate(name, result, evidence, next, lines, acknowledge, accepted);
  }

  /** A block that accepting all of the values lifts. */
  public Gate acknowledgedBy(List<String> values) {
    return new Gate(name, result, evidence, next, details, values, accepted);
  }

  /**
   * The gate once the values were accepted: a block whose values were all accepted becomes a
   * warning, any other stays as it is, and remembers what was accepted of it.
   */
  public Gate accepting(List<String> values) {
    List<String> given = acknowledge.stream().filter(values::contains).toList();
    boolean lifted =
        result == Result.BLOCK && !acknowledge.isEmpty() && given.size() == acknowledge.size();
    return new Gate(
        name,
        lifted ? Result.WARN : result,
        evidence,
        lifted ? "accepted: " + String.join(", ", given) : next,
        details,
        acknowledge,
        given);
  }
}
