package io.rackgateway.deploy.diagnose.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Parts of a diagnosis that hang, fail and break beside those that answer. */
class GatheringTest {

  private final Cancellation cancellation = new Cancellation();
  private final CountDownLatch never = new CountDownLatch(1);

  private static Part part(String name, Callable<String> work) {
    return part(name, Duration.ofSeconds(20), work);
  }

  private static Part part(String name, Duration limit, Callable<String> work) {
    return new Part(name, name, limit, work);
  }

  private String hang() throws InterruptedException {
    never.await();
    return "";
  }

  private List<Answer> all(Part... parts) {
    return Gathering.all(List.of(parts), Duration.ofSeconds(20), cancellation);
  }

  @Test
  void onePartThatGoesWrongTakesNothingElseWithIt() {
    List<Answer> answers =
        all(
            part("good", () -> "text"),
            part(
                "foreseen",
                () -> {
                  throw new DeployException.Usage("Docker cannot be reached", "start it");
                }),
            part(
                "file",
                () -> {
                  throw new IOException("torn");
                }),
            part(
                "bug",
                () -> {
                  throw new IllegalStateException("ours");
                }),
            part("late", Duration.ofMillis(200), this::hang));

    assertThat(answers.get(0).text()).isEqualTo("text");
    assertThat(answers)
        .extracting(Answer::problem)
        .containsExactly(
            null,
            "Docker cannot be reached",
            "torn",
            "this broke: java.lang.IllegalStateException: ours",
            "this was not found out within 0.2 s");
  }

  @Test
  void allTogetherAreBounded() {
    long start = System.nanoTime();

    List<Answer> answers =
        Gathering.all(
            List.of(part("one", this::hang), part("two", this::hang)),
            Duration.ofMillis(300),
            cancellation);

    assertThat(answers).extracting(Answer::problem).doesNotContainNull();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void askedToStopItEndsWithWhatThereIs() {
    List<Answer> answers =
        all(
            part("good", () -> "text"),
            part("hangs", this::hang),
            part(
                "stops",
                () -> {
                  cancellation.request("SIGTERM");
                  return "";
                }));

    assertThat(answers.get(1).problem()).contains("asked to stop");
  }
}
