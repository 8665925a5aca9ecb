package io.rackgateway.deploy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.journal.jdbc.Journals;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedJournalTest extends JournalContract {

  private static final Owner ELSEWHERE = new Owner("another-machine", 1, 1);

  private TestPostgres server;
  private PostgresUrl url;
  private int databases;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    server = TestPostgres.start(folder);
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void newDatabase() throws SQLException {
    databases++;
    url = server.create("journal" + databases, "runner" + databases, "journal-password");
  }

  @Test
  void aLeaseOfALivingOwnerKeepsOthersOutAndSaysUntilWhen() {
    try (Journal one = open();
        Journal other = open()) {
      one.acquire("prod", RUN, ELSEWHERE, LIFETIME);
      assertThatThrownBy(() -> other.acquire("prod", OTHER, SELF, LIFETIME))
          .isInstanceOfSatisfying(
              DeployException.Locked.class,
              e -> {
                assertThat(e.problem().summary()).contains(RUN.value()).contains("another-machine");
                assertThat(e.problem().next()).contains("runs out at").contains("resume");
              });
      assertThat(other.acquire("staging", OTHER, SELF, LIFETIME)).isEmpty();
    }
  }

  @Test
  void aLeaseThatRanOutIsTakenOverAndItsOldOwnerNotices() {
    try (Journal one = open();
        Journal other = open()) {
      one.acquire("prod", RUN, ELSEWHERE, Duration.ofSeconds(-1));
      assertThat(other.acquire("prod", OTHER, SELF, LIFETIME)).isPresent();
      assertThat(one.renew("prod", RUN, ELSEWHERE, LIFETIME)).isFalse();
    }
  }

  @Test
  void aLeaseOfADeadProcessOfThisMachineIsTakenOverAtOnce() {
    Owner dead = new Owner(SELF.host(), SELF.pid(), SELF.processStart() - 1);
    try (Journal journal = open()) {
      journal.acquire("prod", RUN, dead, LIFETIME);
      assertThat(journal.acquire("prod", OTHER, SELF, LIFETIME))
          .hasValueSatisfying(text -> assertThat(text).contains("is gone"));
    }
  }

  @Test
  void theJournalsPasswordIsNotToldWhenItIsRefused() throws SQLException {
    server.execute("postgres", "ALTER ROLE runner" + databases + " PASSWORD 'changed'");
    assertThatThrownBy(this::open)
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageNotContaining("journal-password")
        .hasMessageContaining("does not answer");
  }

  @Override
  Journal open() {
    PostgresUrl database = Objects.requireNonNull(url);
    return new Journals(new EventJson(new Secrets()), Clock.systemUTC())
        .open(database.jdbcUrl(), database.jdbcProperties(), "upgrade");
  }
}
