package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.time.Waits;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the answers to one question after another came to. */
final class HealthStreak {

  private final int wanted;
  private final long start = System.nanoTime();
  private int good;
  private int answers;
  private int badAnswers;
  private boolean everGood;
  private boolean tlsFailed;
  private Duration slowest = Duration.ZERO;
  private @Nullable String problem;
  private @Nullable X509Certificate certificate;
  private long platformAsked;
  private boolean platformWasAsked;

  /**
   * @param wanted how many good answers in a row
   */
  HealthStreak(int wanted) {
    this.wanted = wanted;
  }

  /**
   * Takes an answer.
   *
   * @param cutShort whether it was given too little time because the check's own is over, which
   *     tells less than what was wrong before
   */
  void add(HealthCall.Look look, boolean cutShort) {
    if (look.good()) {
      good++;
      slowest = slowest.compareTo(look.took()) < 0 ? look.took() : slowest;
      certificate = look.certificate();
      everGood = true;
    } else {
      good = 0;
      slowest = Duration.ZERO;
      if (!cutShort || problem == null) {
        problem = look.problem();
        tlsFailed = look.tlsFailed();
      }
    }
    // Bad answers before the first good one are those of a gateway that is starting.
    if (everGood && !(cutShort && !look.good())) {
      answers++;
      badAnswers += look.good() ? 0 : 1;
    }
  }

  boolean done() {
    return good >= wanted;
  }

  /** Whether it is time to ask the platform again, which is then taken as done. */
  boolean askPlatform(Duration every) {
    boolean due = !platformWasAsked || Waits.since(platformAsked).compareTo(every) >= 0;
    if (due) {
      platformWasAsked = true;
      platformAsked = System.nanoTime();
    }
    return due;
  }

  Duration age() {
    return Waits.since(start);
  }

  /** Whether good answers were followed by bad ones. */
  boolean flapped() {
    return badAnswers > 0;
  }

  boolean tlsFailed() {
    return tlsFailed;
  }

  Optional<X509Certificate> certificate() {
    return Optional.ofNullable(certificate);
  }

  String evidence() {
    return times(good)
        + ", the slowest after "
        + slowest.toMillis()
        + " ms"
        + (flapped() ? "; before that its health flapped: " + flapping() : "");
  }

  /** What kept it from being done. */
  String trouble() {
    if (flapped()) {
      return "its health flaps: " + flapping();
    }
    return "the last bad answer: " + (problem == null ? "none, but there were too few" : problem);
  }

  private String flapping() {
    return badAnswers
        + " of "
        + answers
        + " answers "
        + (badAnswers == 1 ? "was" : "were")
        + " bad since the first good one, the last bad one: "
        + problem;
  }

  static String times(int number) {
    return number == 1 ? "1 good answer" : number + " good answers in a row";
  }
}
