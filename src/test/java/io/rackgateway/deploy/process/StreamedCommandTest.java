package io.rackgateway.deploy.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Cancellation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamedCommandTest {

  private final Cancellation cancellation = new Cancellation();
  private final SystemCommands commands =
      new SystemCommands(ProcessBuilder::new, cancellation, Map::of);
  private final List<String> lines = new ArrayList<>();

  @Test
  void bothOutputsComeInTheOrderInWhichTheyWereWritten() {
    CommandResult result =
        commands.stream(
            shell("for i in 1 2 3; do echo out$i; echo err$i >&2; done; exit 3"), lines::add);

    assertThat(lines).containsExactly("out1", "err1", "out2", "err2", "out3", "err3");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).isEmpty();
    assertThat(result.tail()).endsWith("err3");
  }

  @Test
  void anEndlessOutputIsEndedByItsReader() {
    AtomicLong count = new AtomicLong();

    assertThatThrownBy(
            () ->
                commands.stream(
                    shell("exec yes"),
                    line -> {
                      if (count.incrementAndGet() == 100_000) {
                        throw new IllegalStateException("enough");
                      }
                    }))
        .hasMessage("enough");
  }

  @Test
  void aCommandThatRunsForTooLongIsEnded() {
    assertThatThrownBy(
            () ->
                commands.stream(
                    shell("echo begun; exec tail -f /dev/null").withTimeout(Duration.ofMillis(300)),
                    lines::add))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("did not end within");
    assertThat(lines).containsExactly("begun");
  }

  @Test
  void aCancelledRunEndsIt() {
    assertThatThrownBy(
            () ->
                commands.stream(
                    shell("echo begun; exec tail -f /dev/null").asInterruptible(),
                    line -> new Thread(() -> cancellation.request("SIGTERM")).start()))
        .isInstanceOf(DeployException.Cancelled.class);
  }

  @Test
  void linesAreReadAsTheyAreWhereverTheStreamIsCut() throws IOException {
    String text = "one\n\nzwei ü\r\n" + "x".repeat(70_000) + "\nlast";
    for (int size : new int[] {1, 2, 3, 1_000, 65_536, 200_000}) {
      lines.clear();
      Lines.read(pieces(text, size), lines::add);

      assertThat(lines).as("in pieces of %d", size).hasSize(5);
      assertThat(lines.subList(0, 3)).containsExactly("one", "", "zwei ü");
      assertThat(lines.get(3)).hasSize(65_536);
      assertThat(lines.get(4)).isEqualTo("last");
    }
  }

  private static InputStream pieces(String text, int size) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        return super.read(bytes, offset, Math.min(size, length));
      }
    };
  }

  private static Command shell(String script) {
    return Command.of("/bin/sh", "-c", script);
  }
}
