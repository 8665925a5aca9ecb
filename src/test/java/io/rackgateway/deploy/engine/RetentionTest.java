package io.rackgateway.deploy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetentionTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private final List<Backup> backups = new ArrayList<>();

  @Test
  void keepsTheNewestAndTheYoung() {
    days(1, 2, 10, 20, 30);

    assertThat(removed(new Retention(1, Duration.ofDays(7)), Set.of()))
        .containsExactly("30", "20", "10");
    assertThat(removed(new Retention(4, Duration.ZERO), Set.of())).containsExactly("30");
    assertThat(removed(new Retention(9, Duration.ZERO), Set.of())).isEmpty();
  }

  @Test
  void neverRemovesTheLastOneThatWasProvenByBeingRestored() {
    days(1, 2, 10);
    backups.add(backup(20, Proof.REHEARSED));
    backups.add(backup(30, Proof.RESTORED));

    assertThat(removed(new Retention(1, Duration.ZERO), Set.of())).containsExactly("30", "10", "2");
  }

  @Test
  void neverRemovesOneThatAnOpenRunMayNeed() {
    days(1, 2, 10);

    assertThat(removed(new Retention(1, Duration.ZERO), Set.of("10"))).containsExactly("2");
  }

  @Test
  void takesBackupsInAnyOrder() {
    days(1, 2, 10);
    Collections.reverse(backups);

    assertThat(removed(new Retention(1, Duration.ZERO), Set.of())).containsExactly("10", "2");
  }

  @Test
  void keepsAtLeastOne() {
    assertThatThrownBy(() -> new Retention(0, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private List<String> removed(Retention retention, Set<String> needed) {
    return retention.expendable(backups, needed, NOW).stream().map(Backup::id).toList();
  }

  private void days(int... ages) {
    for (int age : ages) {
      backups.add(backup(age, Proof.LISTED));
    }
  }

  private static Backup backup(int days, Proof proof) {
    return new Backup(
        String.valueOf(days),
        "pgDump",
        "production",
        "/backups/" + days,
        1,
        "00",
        proof,
        null,
        NOW.minus(Duration.ofDays(days)),
        Duration.ZERO);
  }
}
