package io.rackgateway.deploy.model;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the notes of one release say that concerns an upgrade.
 *
 * @param url where a person reads the notes
 * @param publishedAt null when not known
 * @param findings in the order of the notes; empty when nothing in them concerns an upgrade
 */
public record ReleaseNote(
    Version version, String url, @Nullable Instant publishedAt, List<Finding> findings) {

  /** What a passage of release notes is about. */
  public enum Kind {
    BREAKING,
    MIGRATION,
    SETTING,
    SECURITY;

    /** The name in output and events. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A passage.
   *
   * @param quote its words, plain text on one line, 200 characters at most
   * @param line its line in the notes, from 1
   */
  public record Finding(Kind kind, String quote, int line) {}

  public ReleaseNote {
    findings = List.copyOf(findings);
  }

  /** Whether a passage of the kind was found. */
  public boolean has(Kind kind) {
    return findings.stream().anyMatch(finding -> finding.kind() == kind);
  }
}
