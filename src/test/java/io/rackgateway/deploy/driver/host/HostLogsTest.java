package io.rackgateway.deploy.driver.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.driver.LogReader;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLogsTest {

  private static final DateTimeFormatter GO = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");
  private static final Instant SINCE = Instant.parse("2026-01-15T03:15:00Z");

  @TempDir Path folder;
  private final List<String> read = new ArrayList<>();
  private final LogReader reader =
      (instance, at, line) -> read.add(instance + " " + at + " " + line);

  @Test
  void linesOfTheStretchAreReadAndThoseWithoutATimeBelongToTheOneBefore() throws IOException {
    Path log =
        write(
            go(-60) + " old",
            "of the old one",
            go(0) + " panic: new",
            "goroutine 1 [running]:",
            "{\"ts\":\"2026-01-15T03:15:02Z\",\"action_type\":\"x\"}",
            go(60) + " later");

    part(log, 0, "a").read(SINCE, SINCE.plusSeconds(60), reader);

    assertThat(read)
        .containsExactly(
            "a 2026-01-15T03:15:00Z " + go(0) + " panic: new",
            "a 2026-01-15T03:15:00Z goroutine 1 [running]:",
            "a 2026-01-15T03:15:02Z {\"ts\":\"2026-01-15T03:15:02Z\",\"action_type\":\"x\"}");
  }

  @Test
  void linesBeforeTheFirstTimeHaveThatOfTheStart() throws IOException {
    Path log = write("panic: early");

    new LogPart(log, 0, Long.MAX_VALUE, "a", SINCE.plusSeconds(5)).read(SINCE, null, reader);
    new LogPart(log, 0, Long.MAX_VALUE, "b", Instant.EPOCH).read(SINCE, null, reader);

    assertThat(read).containsExactly("a 2026-01-15T03:15:05Z panic: early");
  }

  @Test
  void theBeginningOfALongLogIsNotRead() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = -200_000; i < 100; i++) {
      lines.add(go(i) + " line " + i + " " + "x".repeat(40));
      if (i % 3 == 0) {
        lines.add("  a line without a time");
      }
    }
    Path log = write(lines.toArray(String[]::new));

    part(log, 0, "a").read(SINCE, null, reader);

    assertThat(read).hasSize(100 + 34);
    assertThat(read.get(0)).endsWith(" line 0 " + "x".repeat(40));
  }

  @Test
  void aLogThatIsNotThereIsEmptyAndOneThatCannotBeReadIsTold() {
    part(folder.resolve("none.log"), 0, "a").read(SINCE, null, reader);

    assertThat(read).isEmpty();
    assertThatThrownBy(() -> part(folder, 0, "a").read(SINCE, null, reader))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageStartingWith("the log " + folder + " could not be read: ");
  }

  @Test
  void journalLinesTellTheirProcess() {
    JournalLines lines = new JournalLines(SINCE, SINCE.plusSeconds(60), reader);
    long second = SINCE.getEpochSecond();
    lines.take((second - 1) + ".999999 rack-gateway-api[11]: too early");
    lines.take(second + ".250000 rack-gateway-api[12]: panic: [x]: no");
    lines.take("  goroutine 1 [running]:");
    lines.take((second + 1) + ".000000 systemd[1]: Started rack-gateway.service");
    lines.take((second + 60) + ".000000 rack-gateway-api[12]: too late");

    assertThat(read)
        .containsExactly(
            "process 12 2026-01-15T03:15:00.250Z panic: [x]: no",
            "process 12 2026-01-15T03:15:00.250Z   goroutine 1 [running]:",
            "systemd 2026-01-15T03:15:01Z Started rack-gateway.service");
  }

  private Path write(String... lines) throws IOException {
    return Files.write(folder.resolve("gateway.log"), List.of(lines));
  }

  private static LogPart part(Path file, long from, String instance) {
    return new LogPart(file, from, Long.MAX_VALUE, instance, Instant.EPOCH);
  }

  private static String go(int seconds) {
    return LocalDateTime.ofInstant(SINCE.plusSeconds(seconds), ZoneId.systemDefault()).format(GO);
  }
}
