package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.diagnose.Diagnostics;
import io.rackgateway.deploy.event.Scrubber;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at everything at once and writes what it saw into a folder. Changes nothing. */
public final class Diagnoser implements Diagnostics {

  private static final Duration WHOLE = Duration.ofSeconds(25);
  private static final Duration DURING_A_RUN = Duration.ofSeconds(6);
  private static final Duration EVENTS = Duration.ofHours(1);
  private static final int KEPT = 10;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Subject subject;

  public Diagnoser(Subject subject) {
    this.subject = subject;
  }

  /**
   * Diagnoses.
   *
   * @param out the folder to write into, which must be empty or not exist; null for one of its own
   *     among the last ten
   * @throws DeployException.Usage if the folder cannot be written
   */
  public Diagnosis diagnose(@Nullable Path out) {
    try {
      return write(out, WHOLE, null, null, null);
    } catch (FileAlreadyExistsException e) {
      throw new DeployException.Usage(
          "there is something in " + out + " already", "name an empty folder, or a new one");
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the diagnosis cannot be written to "
              + (out == null ? subject.folder() : out)
              + ": "
              + IoFailure.describe(e),
          "name a folder that can be written with --out");
    }
  }

  @Override
  public Optional<String> gather(RunId run, Plan plan, Problem why) {
    try {
      return Optional.of(write(null, DURING_A_RUN, run, plan, why).folder());
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private Diagnosis write(
      @Nullable Path out,
      Duration limit,
      @Nullable RunId run,
      @Nullable Plan plan,
      @Nullable Problem why)
      throws IOException {
    Instant now = subject.clock().instant();
    String gateway = subject.configuration().gateway().name();
    BundleFolder folder =
        out == null ? own(gateway, now) : BundleFolder.make(out.toAbsolutePath().normalize());
    Scrubber scrubber = new Scrubber(subject.secrets());
    Findings findings = new Findings();
    List<Answer> answers = new ArrayList<>();
    if (why != null) {
      answers.add(failure(why));
    }
    VerifyConfig verify = subject.configuration().verify();
    HealthParts health =
        new HealthParts(
            subject.configuration().gateway(),
            verify.certificateDays(),
            subject.http(),
            subject.driver(),
            subject.clock(),
            findings);
    Instant since = plan == null ? now.minus(EVENTS) : earlier(now, plan.createdAt());
    answers.addAll(Gathering.all(parts(health, since, run, plan, scrubber, findings), limit));
    health.conclude();
    CleanText clean = new CleanText(scrubber);
    List<Answer> shown = answers.stream().map(clean::answer).toList();
    List<String> sentences = findings.sentences().stream().map(clean::sentence).toList();
    String guess = guess(why, sentences, shown);
    for (Answer answer : shown) {
      if (answer.problem() == null) {
        folder.write(answer.name() + ".txt", answer.text());
      }
    }
    folder.write(Page.FILE, Page.write(gateway, now, clean.sentence(guess), sentences, shown));
    if (out == null) {
      BundleFolder.keepNewest(subject.folder(), gateway, KEPT);
    }
    return new Diagnosis(
        Diagnosis.SCHEMA,
        gateway,
        now,
        folder.path().toString(),
        folder.path().resolve(Page.FILE).toString(),
        clean.sentence(guess),
        sentences,
        shown.stream().map(Diagnoser::looked).toList());
  }

  private List<Part> parts(
      HealthParts health,
      Instant since,
      @Nullable RunId run,
      @Nullable Plan plan,
      Scrubber scrubber,
      Findings findings) {
    Configuration configuration = subject.configuration();
    ErrorLines errors =
        new ErrorLines(configuration.verify().logErrors(), configuration.verify().logAllow());
    List<Part> parts = new ArrayList<>();
    parts.addAll(new PlatformParts(subject.driver(), errors, findings).all(since, scrubber::add));
    parts.addAll(new LogParts(subject.driver(), errors, findings).all());
    parts.addAll(health.all());
    parts.addAll(new DatabaseParts(configuration, subject.clock(), findings).all());
    parts.addAll(new MigrationParts(subject, plan, findings).all());
    parts.addAll(
        new JournalParts(subject.journal(), configuration.gateway().name(), run, findings).all());
    parts.addAll(new ToolParts(subject).all());
    return parts;
  }

  private static Answer failure(Problem why) {
    List<String> lines = new ArrayList<>();
    lines.add(why.summary());
    lines.addAll(why.details());
    return new Answer(
        "failure", "Why the run failed", String.join("\n", lines), Duration.ZERO, null);
  }

  private static String guess(@Nullable Problem why, List<String> sentences, List<Answer> answers) {
    if (!sentences.isEmpty()) {
      return sentences.get(0);
    }
    if (why != null) {
      return why.summary();
    }
    long missing = answers.stream().filter(answer -> answer.problem() != null).count();
    return missing == 0
        ? "nothing wrong was found"
        : "nothing wrong was found, but " + missing + " parts could not be looked at";
  }

  private static Diagnosis.Looked looked(Answer answer) {
    return new Diagnosis.Looked(
        answer.name(),
        answer.title(),
        answer.took(),
        answer.problem() == null ? answer.name() + ".txt" : null,
        answer.problem());
  }

  /** A folder of its own, also for a second one within a second. */
  private BundleFolder own(String gateway, Instant now) throws IOException {
    String name = gateway + "-" + TIME.format(now);
    Path path = subject.folder().resolve(name);
    for (int i = 2; Files.exists(path); i++) {
      path = subject.folder().resolve(name + "-" + i);
    }
    return BundleFolder.make(path);
  }

  private static Instant earlier(Instant now, Instant begun) {
    Instant hour = now.minus(EVENTS);
    return begun.isBefore(hour) ? begun : hour;
  }
}
