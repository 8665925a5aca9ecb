package io.rackgateway.deploy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.gate.rules.Contexts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Problem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatesTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private interface Answer {
    Gate get() throws InterruptedException;
  }

  private static GateCheck gate(String name, Answer answer) {
    return new GateCheck() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public GateAnswer answer(GateContext context) throws InterruptedException {
        return GateAnswer.of(answer.get());
      }
    };
  }

  private static List<Gate> ask(Duration deadline, GateCheck... checks) {
    return new Gates(List.of(checks), deadline)
        .ask(Contexts.upgrade("v1.0.0", "v1.1.0")).stream().map(GateAnswer::gate).toList();
  }

  @Test
  void asksAllAtOnceAndKeepsTheirOrder() {
    CountDownLatch met = new CountDownLatch(2);
    Answer meeting =
        () -> {
          met.countDown();
          return met.await(1, TimeUnit.MINUTES)
              ? Gate.pass("meeting", "met")
              : Gate.block("meeting", "was alone", "");
        };

    List<Gate> gates = ask(LONG, gate("first", meeting), gate("second", meeting));

    assertThat(gates).extracting(Gate::evidence).containsExactly("met", "met");
  }

  @Test
  void oneThatDoesNotAnswerBlocksAndHoldsUpNoOther() {
    CountDownLatch never = new CountDownLatch(1);

    List<Gate> gates =
        ask(
            Duration.ofMillis(200),
            gate(
                "slow",
                () -> {
                  never.await();
                  return Gate.pass("slow", "late");
                }),
            gate("quick", () -> Gate.pass("quick", "in time")));

    assertThat(gates).extracting(Gate::name).containsExactly("slow", "quick");
    assertThat(gates.get(1).result()).isEqualTo(Gate.Result.PASS);
    assertThat(gates.get(0).result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gates.get(0).evidence()).startsWith("not evaluated: no answer within");
    assertThat(gates.get(0).next()).endsWith("--accept slow=not-evaluated");
    assertThat(gates.get(0).accepting(List.of("not-evaluated")).result())
        .isEqualTo(Gate.Result.WARN);
  }

  @Test
  void oneThatCannotAnswerSaysWhy() {
    Gate gate =
        ask(
                LONG,
                gate(
                    "image",
                    () -> {
                      throw new DeployException.Blocked(
                          new Problem(
                              "no route to host", "check the network", List.of("eth0 down")));
                    }))
            .get(0);

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence()).isEqualTo("not evaluated: no route to host");
    assertThat(gate.next()).startsWith("check the network; or go on without it");
    assertThat(gate.details()).containsExactly("eth0 down");
  }

  @Test
  void aBugInOneIsNoPass() {
    Gate gate =
        ask(
                LONG,
                gate(
                    "broken",
                    () -> {
                      throw new IllegalStateException("oops");
                    }))
            .get(0);

    assertThat(gate.result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate.evidence()).contains("a bug of this tool").contains("oops");
  }

  @Test
  void cancellingEndsThemAll() {
    assertThatThrownBy(
            () ->
                ask(
                    LONG,
                    gate(
                        "cancelled",
                        () -> {
                          throw new DeployException.Cancelled("SIGTERM");
                        })))
        .isInstanceOf(DeployException.Cancelled.class);
  }
}
