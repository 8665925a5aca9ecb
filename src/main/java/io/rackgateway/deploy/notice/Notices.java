package io.rackgateway.deploy.notice;

import io.rackgateway.deploy.config.NotifyConfig;
import io.rackgateway.deploy.config.NotifyConfig.On;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.event.EventStream;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunResult;
import io.rackgateway.deploy.time.Cancellation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Tells webhooks of a run while it goes on, each in a thread of its own and in the order in which
 * things happened. A notice that cannot be delivered is told as an event while the run goes on, and
 * at the end of the command.
 */
public final class Notices implements Consumer<EventRecord> {

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** Of a grace period of ten seconds, most is for bringing the gateway back. */
  private static final Duration PATIENCE_WHEN_STOPPED = Duration.ofSeconds(2);

  private final List<Deliveries> webhooks = new ArrayList<>();
  private final Clock clock;
  private final Cancellation cancellation;
  private final List<Gate> blocks = new ArrayList<>();
  private Event.@Nullable RunStarted started;
  private @Nullable String trouble;
  private boolean ended;

  /**
   * @param configured the items of {@code notify}
   * @param events is told of notices that cannot be delivered, until the run has ended: nothing may
   *     follow that
   */
  public Notices(
      List<NotifyConfig> configured,
      OkHttpClient http,
      Secrets secrets,
      EventStream events,
      Clock clock,
      Cancellation cancellation) {
    this.clock = clock;
    this.cancellation = cancellation;
    NoticeJson json = new NoticeJson(secrets);
    for (int i = 0; i < configured.size(); i++) {
      Webhook webhook = new Webhook("notify[" + i + "]", configured.get(i), http, json);
      webhooks.add(
          new Deliveries(
              webhook, problem -> events.emitIf(this::goesOn, new Event.Notice(problem))));
    }
  }

  private synchronized boolean goesOn() {
    return !ended;
  }

  @Override
  public synchronized void accept(EventRecord record) {
    Event event = record.event();
    if (event instanceof Event.GateEvaluated evaluated) {
      if (evaluated.gate().result() == Gate.Result.BLOCK) {
        blocks.add(evaluated.gate());
      }
    } else if (event instanceof Event.RunStarted run) {
      started = run;
      ended = false;
      trouble = null;
      send(ofRun(On.START, record, run, run.resumed() ? "taken up again" : "begun", null));
    } else if (event instanceof Event.PhaseFinished finished && finished.problem() != null) {
      trouble = "failed in " + finished.phase().label() + ": " + finished.problem();
    } else if (event instanceof Event.PhaseStarted phase && phase.phase() == Phase.ROLLBACK) {
      Event.RunStarted run = started;
      if (run != null) {
        String why = trouble == null ? "it is undone" : trouble;
        send(ofRun(On.ROLLBACK, record, run, why, null));
      }
    } else if (event instanceof Event.RunFinished finished) {
      ended = true;
      end(record, finished.result());
    }
  }

  private void end(EventRecord record, RunResult result) {
    On about = result.outcome() == ExitCode.DONE ? On.SUCCESS : On.FAILURE;
    send(
        new Notice(
            about,
            record.time(),
            result.gateway(),
            result.command(),
            result.run(),
            result.from(),
            result.to(),
            result.message(),
            List.of(),
            result));
  }

  private static Notice ofRun(
      On about,
      EventRecord record,
      Event.RunStarted run,
      String message,
      @Nullable RunResult result) {
    return new Notice(
        about,
        record.time(),
        run.gateway(),
        run.command(),
        record.run(),
        run.from(),
        run.to(),
        message,
        List.of(),
        result);
  }

  /**
   * Tells that a command was refused before a run began: that it waits for an approval, where
   * somebody can give it by accepting what gates found, or else that it failed.
   */
  public synchronized void refused(String command, String gateway, Problem why) {
    List<Gate> open =
        blocks.stream().filter(gate -> !gate.acknowledge().isEmpty()).distinct().toList();
    Instant now = clock.instant();
    ended = true;
    boolean approvable = !open.isEmpty() && open.size() == blocks.stream().distinct().count();
    send(
        new Notice(
            approvable ? On.APPROVAL : On.FAILURE,
            now,
            gateway,
            command,
            null,
            null,
            null,
            why.summary(),
            approvable ? open : List.of(),
            approvable
                ? null
                : RunResult.withoutRun(ExitCode.BLOCKED, command, gateway, why, now)));
  }

  private void send(Notice notice) {
    webhooks.stream()
        .filter(deliveries -> deliveries.webhook().wants(notice.about()))
        .forEach(deliveries -> deliveries.send(notice));
  }

  /**
   * Waits a few seconds at most for what is still on its way.
   *
   * @return what could not be delivered, one sentence for each webhook
   */
  public List<String> finish() {
    Duration patience = cancellation.reason() == null ? PATIENCE : PATIENCE_WHEN_STOPPED;
    long deadline = System.nanoTime() + patience.toNanos();
    return webhooks.stream().flatMap(deliveries -> deliveries.finish(deadline).stream()).toList();
  }
}
