package io.rackgateway.deploy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.journal.jdbc.Journals;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedJournalTest extends JournalContract {

  @TempDir Path folder;

  @Test
  void anEmbeddedJournalsLeaseOutlivesItsOwnerOnlyUntilTheNextRun() {
    Owner dead = new Owner("elsewhere", 1, 1);
    try (Journal journal = open()) {
      journal.acquire("prod", RUN, dead, LIFETIME);
      assertThat(journal.acquire("prod", OTHER, SELF, LIFETIME))
          .hasValueSatisfying(text -> assertThat(text).contains(RUN.value()).contains("elsewhere"));
      assertThat(journal.renew("prod", RUN, dead, LIFETIME)).isFalse();
    }
  }

  @Test
  void aJournalOpenElsewhereSaysWhere() throws Exception {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
      Process second =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpenJournal.class.getName(),
                  url())
              .redirectErrorStream(true)
              .start();
      String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(second.waitFor()).isEqualTo(6);
      assertThat(said)
          .contains("'upgrade' on")
          .contains("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aDamagedJournalSaysWhatToDo() throws IOException {
    try (Journal journal = open()) {
      journal.begin(run(RUN));
    }
    Path file = folder.resolve("journal.mv.db");
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, (byte) 'x');
    Files.write(file, bytes);

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            DeployException.Usage.class,
            e -> {
              assertThat(e.problem().summary()).contains(file.toString());
              assertThat(e.problem().next()).contains("move it aside").contains("resume");
            });
  }

  @Override
  Journal open() {
    return new Journals(new EventJson(new Secrets()), Clock.systemUTC())
        .open(url(), new Properties(), "upgrade");
  }

  private String url() {
    return "jdbc:h2:file:" + folder.resolve("journal");
  }

  /** A second process that tries to open the journal. */
  static final class OpenJournal {
    public static void main(String[] arguments) {
      try {
        new Journals(new EventJson(new Secrets()), Clock.systemUTC())
            .open(arguments[0], new Properties(), "status");
        System.exit(0);
      } catch (DeployException.Locked e) {
        System.out.println(e.problem().summary());
        System.exit(6);
      }
    }
  }
}
