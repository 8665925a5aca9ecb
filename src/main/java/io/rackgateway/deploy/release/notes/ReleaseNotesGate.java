package io.rackgateway.deploy.release.notes;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Outlook;
import io.rackgateway.deploy.model.ReleaseNote;
import io.rackgateway.deploy.model.ReleaseNote.Kind;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.release.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the notes of every release that an upgrade passes through. A breaking change blocks until
 * the version that has it was accepted; what asks for work by hand, and notes that are missing,
 * warn.
 */
public final class ReleaseNotesGate implements GateCheck {

  /** The gate's name. */
  public static final String NAME = "release-notes";

  private static final int MOST_RELEASES_NAMED = 5;

  private final ReleaseSource source;
  private final boolean preReleases;
  private final NotesReader reader = new NotesReader();

  /**
   * @param preReleases whether pre-releases between the two versions count; they do in any case
   *     where the target is one
   */
  public ReleaseNotesGate(ReleaseSource source, boolean preReleases) {
    this.source = source;
    this.preReleases = preReleases;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public GateAnswer answer(GateContext context) {
    Version from = context.from();
    Version to = context.to();
    List<Release> all = source.releases();
    Optional<Release> target = new Targets(all, true).find(to);
    boolean candidate = target.map(Release::preRelease).orElse(!to.semver().isStable());
    Targets targets = new Targets(all, preReleases || candidate);
    if (target.isEmpty()) {
      return GateAnswer.of(
          Gate.block(
              NAME,
              targets.missing(to) + " (of " + all.size() + " at " + source.location() + ")",
              "name a version that was released"));
    }
    List<Release> between = targets.between(from, to);
    List<ReleaseNote> notes = between.stream().map(reader::read).toList();
    Gate gate = gate(from, to, between, notes).withDetails(NoteLines.of(notes, between));
    List<Version> breaking = having(notes, Kind.BREAKING);
    if (!breaking.isEmpty()) {
      gate = gate.acknowledgedBy(breaking.stream().map(Version::tag).toList());
    }
    return new GateAnswer(gate, Outlook.ofReleases(notes));
  }

  private Gate gate(Version from, Version to, List<Release> between, List<ReleaseNote> notes) {
    if (between.isEmpty()) {
      return Gate.pass(NAME, "no release lies after " + from + " up to " + to);
    }
    String silent = silent(between);
    List<Version> breaking = having(notes, Kind.BREAKING);
    if (!breaking.isEmpty()) {
      String have = breaking.size() == 1 ? " has breaking changes: " : " have breaking changes: ";
      String accept =
          breaking.stream()
              .map(version -> "--accept " + NAME + "=" + version.tag())
              .collect(Collectors.joining(" "));
      return Gate.block(
          NAME,
          joined(breaking) + have + "\"" + first(notes, Kind.BREAKING) + "\"" + silent,
          "read them, do what they ask for, then add " + accept);
    }
    List<Version> asking = new ArrayList<>(having(notes, Kind.MIGRATION));
    having(notes, Kind.SETTING).stream().filter(v -> !asking.contains(v)).forEach(asking::add);
    asking.sort(null);
    if (!asking.isEmpty()) {
      Kind kind = having(notes, Kind.MIGRATION).isEmpty() ? Kind.SETTING : Kind.MIGRATION;
      return Gate.warn(
          NAME,
          joined(asking)
              + (asking.size() == 1 ? " asks" : " ask")
              + " for attention: \""
              + first(notes, kind)
              + "\""
              + silent,
          "read the notes and do what they ask for");
    }
    String security = security(notes);
    if (!silent.isEmpty()) {
      return Gate.warn(
          NAME,
          "no breaking change is announced in " + count(between) + security + silent,
          "look at what changed there: " + url(between));
    }
    return Gate.pass(NAME, "no breaking change is announced in " + count(between) + security);
  }

  private static List<Version> having(List<ReleaseNote> notes, Kind kind) {
    return notes.stream().filter(note -> note.has(kind)).map(ReleaseNote::version).toList();
  }

  private static String first(List<ReleaseNote> notes, Kind kind) {
    return notes.stream()
        .flatMap(note -> note.findings().stream())
        .filter(finding -> finding.kind() == kind)
        .findFirst()
        .map(ReleaseNote.Finding::quote)
        .orElse("");
  }

  private static String security(List<ReleaseNote> notes) {
    List<Version> secured = having(notes, Kind.SECURITY);
    return secured.isEmpty() ? "" : "; security fixes in " + joined(secured);
  }

  private static String silent(List<Release> between) {
    List<Version> silent =
        between.stream().filter(ReleaseNotesGate::isSilent).map(Release::version).toList();
    return silent.isEmpty()
        ? ""
        : "; " + joined(silent) + (silent.size() == 1 ? " has no notes" : " have no notes");
  }

  private static boolean isSilent(Release release) {
    return CleanText.quote(CleanText.of(release.notes())).isEmpty();
  }

  private static String url(List<Release> between) {
    return between.stream()
        .filter(ReleaseNotesGate::isSilent)
        .findFirst()
        .map(release -> CleanText.quote(CleanText.of(release.url())))
        .orElse("");
  }

  private static String count(List<Release> between) {
    return between.size() == 1
        ? "the notes of " + between.get(0).version()
        : "the notes of " + between.size() + " releases";
  }

  private static String joined(List<Version> versions) {
    List<String> names = new ArrayList<>();
    versions.stream().limit(MOST_RELEASES_NAMED).map(Version::tag).forEach(names::add);
    if (versions.size() > MOST_RELEASES_NAMED) {
      names.add((versions.size() - MOST_RELEASES_NAMED) + " more");
    }
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}
