package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.event.Scrubber;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Makes text fit to leave this machine: without secrets, of bounded size, unable to steer a
 * terminal.
 */
final class CleanText {

  private static final int LONGEST_LINE = 4_000;
  private static final int LONGEST_RAW_LINE = 64_000;
  private static final int LONGEST = 4_000_000;

  private final Scrubber scrubber;

  CleanText(Scrubber scrubber) {
    this.scrubber = scrubber;
  }

  Answer answer(Answer answer) {
    String problem = answer.problem();
    return new Answer(
        answer.name(),
        answer.title(),
        text(answer.text()),
        answer.took(),
        problem == null ? null : sentence(problem));
  }

  String sentence(String text) {
    return text(text).replaceAll("\\s+", " ").strip();
  }

  /** Masked first and cut then: a secret must not be cut in two, one half of which stays. */
  private String text(String text) {
    String bounded = text;
    if (text.length() > LONGEST) {
      bounded = text.substring(0, Math.max(0, text.lastIndexOf('\n', LONGEST))) + "\n… and more";
    }
    String raw = lines(bounded, LONGEST_RAW_LINE);
    String plain = scrubber.scrub(raw).replaceAll("[\\p{Cc}\\p{Cf}&&[^\n\t]]", "·");
    return lines(plain, LONGEST_LINE);
  }

  private static String lines(String text, int longest) {
    return Arrays.stream(text.split("\r?\n", -1))
        .map(line -> line.length() <= longest ? line : line.substring(0, longest) + "…")
        .collect(Collectors.joining("\n"));
  }
}
