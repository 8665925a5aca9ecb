package io.rackgateway.deploy.driver.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.driver.Mark;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.RunId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkFileTest {

  @TempDir Path folder;

  @Test
  void aMarkIsFoundAsItWasPlacedUntilItsOwnRunClearsIt() {
    MarkFile file = new MarkFile(folder);
    Mark mark = mark(1);
    assertThat(file.find()).isEmpty();
    file.place(mark);
    file.place(mark);
    assertThat(new MarkFile(folder).find()).contains(mark);
    file.clear(mark(2).run());
    assertThat(file.find()).contains(mark);
    file.clear(mark.run());
    file.clear(mark.run());
    assertThat(file.find()).isEmpty();
  }

  @Test
  void theMarkOfAnotherRunIsALockThatNamesIt() {
    new MarkFile(folder).place(mark(1));
    assertThatThrownBy(() -> new MarkFile(folder).place(mark(2)))
        .isInstanceOf(DeployException.Locked.class)
        .hasMessageContaining(mark(1).run().value())
        .hasMessageContaining("ci-runner-7, process 4711");
  }

  @Test
  void ofManyRunsAtOnceOneGetsTheMarkAndNoneLeavesAnythingBehind() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      var attempts =
          threads.invokeAll(
              IntStream.range(0, 32)
                  .<Callable<Boolean>>mapToObj(number -> () -> placed(number))
                  .toList());
      int won = 0;
      for (Future<Boolean> attempt : attempts) {
        won += attempt.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    } finally {
      threads.shutdown();
    }
    try (Stream<Path> children = Files.list(folder.resolve(".rack-gateway-deploy"))) {
      assertThat(children.map(child -> child.getFileName().toString())).containsOnly("run.json");
    }
  }

  @Test
  void aMarkThatCannotBeReadIsNotTakenForNone() throws Exception {
    Files.createDirectories(folder.resolve(".rack-gateway-deploy"));
    Files.writeString(folder.resolve(".rack-gateway-deploy/run.json"), "{\"run\":");
    assertThatThrownBy(() -> new MarkFile(folder).find())
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("run.json");
  }

  private boolean placed(int number) {
    try {
      new MarkFile(folder).place(mark(number));
      return true;
    } catch (DeployException.Locked e) {
      return false;
    }
  }

  private static Mark mark(int number) {
    return new Mark(
        new RunId(String.format("20260115-031500-%06x", number)),
        "ci-runner-7, process 4711",
        Instant.parse("2026-01-15T03:15:00Z"),
        "{\"to\":\"v1.1.0\"}");
  }
}
