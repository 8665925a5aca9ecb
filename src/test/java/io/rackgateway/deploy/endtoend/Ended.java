package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** How the program ended, and all that it said. */
record Ended(String command, int exitCode, String out, String err, List<JsonNode> events) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The exit code is this one; everything that was said is in the failure if it is not. */
  Ended withExitCode(int expected) {
    assertThat(exitCode).as(toString()).isEqualTo(expected);
    return this;
  }

  /** The one sentence of the failure, without its label. */
  String error() {
    List<String> errors = err.lines().filter(line -> line.startsWith("error: ")).toList();
    assertThat(errors).as("one sentence; %s", this).hasSize(1);
    return errors.get(0).substring("error: ".length());
  }

  /** What to do next, without its label. */
  String next() {
    List<String> steps = err.lines().filter(line -> line.startsWith("next:  ")).toList();
    assertThat(steps).as("one next step; %s", this).hasSize(1);
    return steps.get(0).substring("next:  ".length());
  }

  /** The sentence holds each of these, there is a next step, and nothing looks like a bug. */
  Ended saying(String... parts) {
    assertThat(error()).as(toString()).contains(parts);
    assertThat(next()).as(toString()).isNotBlank();
    assertThat(err + out)
        .as(toString())
        .doesNotContain("Exception", "unexpected ", "null", "\tat ", "Optional[");
    return this;
  }

  /** The next step holds each of these. */
  Ended advising(String... parts) {
    assertThat(next()).as(toString()).contains(parts);
    return this;
  }

  /** Standard output as one JSON value. */
  JsonNode json() {
    try {
      return JSON.readValue(out, JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException("standard output is not JSON; " + this, e);
    }
  }

  @Override
  public String toString() {
    return "'%s' ended with %d%n--- stdout%n%s--- stderr%n%s---"
        .formatted(command, exitCode, out, err);
  }
}
