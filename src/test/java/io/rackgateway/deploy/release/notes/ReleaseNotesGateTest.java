package io.rackgateway.deploy.release.notes;

import static io.rackgateway.deploy.release.KnownReleases.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Gate.Result;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.KnownReleases;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReleaseNotesGateTest {

  private static final String BREAKING = "## Breaking changes\n\n- Tokens expire.\n";

  private final KnownReleases releases =
      new KnownReleases()
          .with("v1.0.0", BREAKING)
          .with("v1.1.0", "- Racks have labels.")
          .with("v1.2.0", BREAKING)
          .with("v1.3.0-rc.1", "- feat!: racks have owners")
          .with("v1.3.0", "- Security fix for CVE-2026-12345")
          .with("v1.4.0", "- [BREAKING] Roles in lower case")
          .with("v1.4.1", "")
          .with("v1.5.0", "## Upgrading\n\nStop the old one first.")
          .with("v1.6.0", "- Faster");

  @Test
  void breakingChangesBlockUntilEachVersionThatHasThemIsAccepted() {
    Gate gate = gate("v1.0.0", "v1.4.0");

    assertThat(gate.result()).isEqualTo(Result.BLOCK);
    assertThat(gate.evidence())
        .isEqualTo("v1.2.0 and v1.4.0 have breaking changes: \"Tokens expire.\"");
    assertThat(gate.acknowledge()).containsExactly("v1.2.0", "v1.4.0");
    assertThat(gate.next()).endsWith("--accept release-notes=v1.2.0 --accept release-notes=v1.4.0");
    assertThat(gate.accepting(gate.acknowledge()).result()).isEqualTo(Result.WARN);
    assertThat(gate.accepting(java.util.List.of("v1.4.0")).result()).isEqualTo(Result.BLOCK);
  }

  @Test
  void quotesStandBelowTheAddressOfTheirRelease() {
    assertThat(gate("v1.0.0", "v1.4.0").details())
        .containsExactly(
            "v1.2.0 https://example.com/releases/v1.2.0",
            "  breaking, line 3: Tokens expire.",
            "v1.4.0 https://example.com/releases/v1.4.0",
            "  breaking, line 1: [BREAKING] Roles in lower case",
            "v1.3.0 https://example.com/releases/v1.3.0",
            "  security, line 1: Security fix for CVE-2026-12345");
  }

  @Test
  void theReleaseThatRunsNowIsNotJudgedAgain() {
    assertThat(gate("v1.2.0", "v1.3.0").result()).isEqualTo(Result.PASS);
  }

  @Test
  void securityFixesAreTold() {
    assertThat(gate("v1.2.0", "v1.3.0").evidence())
        .isEqualTo(
            "no breaking change is announced in the notes of v1.3.0; security fixes in v1.3.0");
  }

  @Test
  void whatAsksForWorkWarnsAndReleasesWithoutNotesAreSaid() {
    Gate gate = gate("v1.4.0", "v1.6.0");

    assertThat(gate.result()).isEqualTo(Result.WARN);
    assertThat(gate.evidence())
        .isEqualTo("v1.5.0 asks for attention: \"Stop the old one first.\"; v1.4.1 has no notes");
  }

  @Test
  void aReleaseWithoutNotesIsNoPass() {
    Gate gate = gate("v1.4.0", "v1.4.1");

    assertThat(gate.result()).isEqualTo(Result.WARN);
    assertThat(gate.evidence()).endsWith("; v1.4.1 has no notes");
    assertThat(gate.next()).contains("https://example.com/releases/v1.4.1");
  }

  @Test
  void preReleasesInBetweenCountWhenAskedForOrWhenTheTargetIsOne() {
    assertThat(gate("v1.2.0", "v1.3.0").acknowledge()).isEmpty();
    assertThat(gate("v1.2.0", "v1.3.0-rc.1").acknowledge()).containsExactly("v1.3.0-rc.1");
    Gate asked =
        new ReleaseNotesGate(releases, true)
            .answer(upgrade("v1.2.0", "v1.3.0", "compose", Set.of()))
            .gate();
    assertThat(asked.acknowledge()).containsExactly("v1.3.0-rc.1");
  }

  @Test
  void aTargetThatWasNeverReleasedBlocksAndWordsDoNotLiftIt() {
    Gate gate = gate("v1.0.0", "v1.3.4");

    assertThat(gate.result()).isEqualTo(Result.BLOCK);
    assertThat(gate.acknowledge()).isEmpty();
    assertThat(gate.evidence())
        .startsWith("v1.3.4 was not released; near it: ")
        .contains("v1.3.0")
        .endsWith(" (of 9 at example.com/gateway)");
  }

  @Test
  void anEmptyListOfReleasesIsNoReasonToPass() {
    Gate gate =
        new ReleaseNotesGate(new KnownReleases(), false)
            .answer(upgrade("v1.0.0", "v1.1.0", "host", Set.of()))
            .gate();

    assertThat(gate.result()).isEqualTo(Result.BLOCK);
  }

  @Test
  void thePlanLearnsWhatTheReleasesSayOldestFirst() {
    GateAnswer answer =
        new ReleaseNotesGate(releases, false)
            .answer(upgrade("v1.0.0", "v1.2.0", "compose", Set.of()));

    assertThat(answer.outlook().releases())
        .extracting(note -> note.version())
        .containsExactly(Version.parse("v1.1.0"), Version.parse("v1.2.0"));
  }

  @Test
  void detailsStayShortHoweverManyReleasesThereAre() {
    KnownReleases many = new KnownReleases();
    for (int minor = 1; minor <= 40; minor++) {
      many.with("v1." + minor + ".0", BREAKING.repeat(5));
    }
    Gate gate =
        new ReleaseNotesGate(many, false)
            .answer(upgrade("v1.0.0", "v1.40.0", "compose", Set.of()))
            .gate();

    assertThat(gate.details()).hasSizeLessThanOrEqualTo(20);
    assertThat(gate.acknowledge()).hasSize(40);
    assertThat(gate.evidence()).contains("v1.5.0 and 35 more have breaking changes");
  }

  private Gate gate(String from, String to) {
    return new ReleaseNotesGate(releases, false)
        .answer(upgrade(from, to, "compose", Set.of()))
        .gate();
  }
}
