package io.rackgateway.deploy.restore.server;

import io.rackgateway.deploy.model.RunId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a restore writes into the comment of a database that it made or kept, so that whoever finds
 * it later knows what it is: {@code rack-gateway-deploy: kept by run …, live before it}.
 */
public record Tag(State state, String run) {

  /** How far a database of a restore is. */
  public enum State {
    /** A copy that is being loaded. */
    BUILDING("begun", "a copy that is not whole"),
    /** A copy that is whole and verified, and was never live. */
    READY("made", "a whole copy that was never live"),
    /** What was live before. */
    OLD("kept", "live before"),
    /** A copy that was live, and was taken back. */
    RETIRED("taken back", "live for a while, then taken back");

    private final String verb;
    private final String words;

    State(String verb, String words) {
      this.verb = verb;
      this.words = words;
    }
  }

  private static final String START = "rack-gateway-deploy: ";
  private static final Pattern FORM = Pattern.compile(START + "([a-z ]+) by run (\\S+): .*");

  public static String of(State state, RunId run) {
    return START + state.verb + " by run " + run + ": " + state.words;
  }

  /** Reads a comment; null when it is none of a restore's. */
  public static @Nullable Tag read(@Nullable String comment) {
    if (comment == null) {
      return null;
    }
    Matcher matcher = FORM.matcher(comment);
    if (matcher.matches()) {
      for (State state : State.values()) {
        if (state.verb.equals(matcher.group(1))) {
          return new Tag(state, matcher.group(2));
        }
      }
    }
    return null;
  }

  /** For people: {@code live before run 20260115-031500-7f3a9c}. */
  public String origin() {
    return state.words + (state == State.OLD ? " run " : ", of run ") + run;
  }
}
