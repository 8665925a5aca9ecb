package io.rackgateway.deploy.approval;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.net.NetworkFailure;
import io.rackgateway.deploy.time.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gets an approval, and keeps one that stands. Looks once in {@link #POLL} while it waits, which is
 * what a person notices as at once.
 */
public final class ApprovalWait {

  static final Duration POLL = Duration.ofSeconds(2);

  /** So much has to be left before a gated call, for the call itself to be in time. */
  static final Duration MARGIN = Duration.ofSeconds(10);

  /** For how long a gateway may give no answer. */
  static final Duration SILENCE = Duration.ofMinutes(1);

  private final DeployApprovals approvals;
  private final ApprovalRequest asked;
  private final Duration limit;
  private final Waits waits;
  private final Events events;
  private final Duration poll;
  private @Nullable Instant silentSince;

  /**
   * @param limit how long somebody gets to decide
   */
  public ApprovalWait(
      DeployApprovals approvals,
      ApprovalRequest asked,
      Duration limit,
      Waits waits,
      Events events) {
    this(approvals, asked, limit, waits, events, POLL);
  }

  ApprovalWait(
      DeployApprovals approvals,
      ApprovalRequest asked,
      Duration limit,
      Waits waits,
      Events events,
      Duration poll) {
    this.approvals = approvals;
    this.asked = asked;
    this.limit = limit;
    this.waits = waits;
    this.events = events;
    this.poll = poll;
  }

  /**
   * Comes back when there is an approval that stands long enough for a call: at once where there is
   * one. Otherwise asks for one and waits; where one ran out, asks for another. To be called before
   * each call that the gateway lets through with an approval only.
   *
   * @throws DeployException.StepFailed if it was rejected, or nobody decided within the limit, or
   *     the gateway cannot be asked
   * @throws DeployException.Cancelled if the run is asked to stop
   */
  public Approval ensure() {
    Approval first = request();
    if (first.standsFor(MARGIN)) {
      told(first);
      return first;
    }
    events.emit(
        new Event.Notice(
            "approval "
                + first.id()
                + " of commit "
                + shortened(asked.commit())
                + " is waited for, for at most "
                + words(limit)
                + "; approve it in the gateway's web interface"));
    Approval[] seen = {first};
    Optional<Approval> approved =
        waits.until(
            () -> "approval " + seen[0].id() + " (" + seen[0].status().label() + ")",
            limit,
            poll,
            new Waits.Wakeup(),
            () -> {
              Approval before = seen[0];
              Optional<Approval> now =
                  before.ranOut() ? again(before) : heard(() -> approvals.read(before.id()));
              now.ifPresent(approval -> seen[0] = approval);
              return decided(seen[0]);
            });
    Approval approval =
        approved.orElseThrow(
            () ->
                new DeployException.StepFailed(
                    "nobody decided on approval "
                        + seen[0].id()
                        + " of commit "
                        + shortened(asked.commit())
                        + " within "
                        + words(limit),
                    "have it approved in the gateway's web interface, then run the same command"
                        + " again, or give it longer in approval.timeout"));
    told(approval);
    return approval;
  }

  /** Asking again finds the request that was made before, so that it may be done after silence. */
  private Approval request() {
    silentSince = null;
    return waits
        .until(
            approvals.display() + " to take a request for an approval",
            SILENCE.multipliedBy(2),
            poll,
            new Waits.Wakeup(),
            () -> heard(() -> approvals.request(asked)))
        .orElseThrow(() -> silent("no answer"));
  }

  private Optional<Approval> again(Approval old) {
    Optional<Approval> renewed = heard(() -> approvals.request(asked));
    renewed
        .filter(approval -> !approval.id().equals(old.id()))
        .ifPresent(
            approval ->
                events.emit(
                    new Event.Notice(
                        "approval "
                            + old.id()
                            + " ran out; "
                            + approval.id()
                            + " was asked for instead")));
    return renewed;
  }

  private Optional<Approval> decided(Approval now) {
    return switch (now.status()) {
      case PENDING, EXPIRED -> Optional.empty();
      case APPROVED -> now.standsFor(MARGIN) ? Optional.of(now) : Optional.empty();
      case REJECTED ->
          throw new DeployException.StepFailed(
              "approval " + now.id() + " was rejected" + now.decision(),
              "settle it with whoever rejected it; a new run asks again");
      case DEPLOYED ->
          throw new DeployException.StepFailed(
              "approval " + now.id() + " was used up by another deployment of the same commit",
              "see what was deployed ('status'), then run the same command again");
      case UNKNOWN ->
          throw new DeployException.StepFailed(
              "approval " + now.id() + " has a status that this tool does not know",
              "see it in the gateway's web interface; a newer version of this tool may know it");
    };
  }

  private void told(Approval approval) {
    Duration left = approval.left();
    events.emit(
        new Event.Notice(
            "approval "
                + approval.id()
                + " was given"
                + approval.decision()
                + (left == null ? "" : "; it stands for " + words(left))));
  }

  /** Empty while the gateway gives no answer for less than {@link #SILENCE}. */
  private Optional<Approval> heard(Supplier<Approval> question) {
    try {
      Approval approval = question.get();
      silentSince = null;
      return Optional.of(approval);
    } catch (DeployApprovals.Unanswered e) {
      Instant now = waits.clock().instant();
      Instant since = silentSince;
      if (since == null) {
        silentSince = now;
        events.emit(
            new Event.Notice(
                approvals.display() + " does not answer (" + e.reason() + "); asking again"));
      } else if (Duration.between(since, now).compareTo(SILENCE) > 0) {
        throw silent(e.reason());
      }
      return Optional.empty();
    }
  }

  private DeployException.StepFailed silent(String reason) {
    return new DeployException.StepFailed(
        approvals.display() + " could not be asked for a deploy approval: " + reason,
        "see why it does not answer, then run the same command again");
  }

  private static String shortened(String commit) {
    return commit.substring(0, Math.min(12, commit.length()));
  }

  private static String words(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds >= 120
        ? seconds / 60 + " min"
        : NetworkFailure.seconds(Duration.ofSeconds(seconds));
  }
}
