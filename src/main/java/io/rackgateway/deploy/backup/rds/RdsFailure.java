package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.retry.RetryUtils;

/**
 * What a failed call means, and what to do about it. The codes are those of the RDS API Reference,
 * "Common Errors" and the errors of each action.
 */
final class RdsFailure {

  private static final Duration BEARABLE_SKEW = Duration.ofMinutes(4);

  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired");
  private static final Set<String> UNKNOWN_KEY =
      Set.of(
          "InvalidClientTokenId",
          "UnrecognizedClientException",
          "InvalidAccessKeyId",
          "MissingAuthenticationToken");
  private static final Set<String> SIGNATURE =
      Set.of(
          "SignatureDoesNotMatch",
          "InvalidSignatureException",
          "RequestExpired",
          "RequestTimeTooSkewed",
          "RequestInTheFuture",
          "AuthFailure");
  private static final Set<String> DENIED =
      Set.of("AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedOperation");

  private static final Pattern ACTION = Pattern.compile("perform: ([a-z0-9-]+:[A-Za-z]+)");
  private static final Pattern CALLER = Pattern.compile("User: (\\S+)");

  private final Clock clock;

  RdsFailure(Clock clock) {
    this.clock = clock;
  }

  /** Whether the same call may succeed a while later. */
  static boolean passing(SdkException e) {
    if (e instanceof AwsServiceException service) {
      return RetryUtils.isThrottlingException(service) || service.statusCode() >= 500;
    }
    if (e instanceof ApiCallTimeoutException) {
      return true;
    }
    return (e instanceof SdkClientException && e.retryable())
        || cause(e, java.io.IOException.class).isPresent();
  }

  DeployException.StepFailed of(String action, SdkException e) {
    return e instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? answered(action, service)
        : unanswered(action, e);
  }

  private DeployException.StepFailed answered(String action, AwsServiceException e) {
    String code = String.valueOf(e.awsErrorDetails().errorCode());
    if (EXPIRED.contains(code)) {
      return failed(
          "the AWS credentials have expired (" + code + ")",
          "get new ones, such as by logging in again or a longer session, then run the same command"
              + " again",
          e);
    }
    if (UNKNOWN_KEY.contains(code)) {
      return failed(
          "AWS does not know the access key (" + code + ")",
          "check AWS_ACCESS_KEY_ID, or the profile or role that the credentials come from",
          e);
    }
    if (SIGNATURE.contains(code)) {
      return signature(code, e);
    }
    if (DENIED.contains(code)) {
      return denied(action, e);
    }
    if (RetryUtils.isThrottlingException(e)) {
      return failed(
          "AWS throttles " + action + " (" + code + "), also after several attempts",
          "run the same command again in a few minutes, and see what else calls the RDS API of this"
              + " account",
          e);
    }
    if (e.statusCode() >= 500) {
      return failed(
          action + " failed at AWS with status " + e.statusCode() + ", also after several attempts",
          "see the AWS Health Dashboard, then run the same command again",
          e);
    }
    return RdsRefusal.of(code)
        .map(refusal -> failed(refusal.summary() + ": " + text(e), refusal.next(), e))
        .orElseGet(
            () ->
                failed(
                    "AWS refuses " + action + " (" + code + "): " + text(e),
                    "mend what it says, then run the same command again",
                    e));
  }

  private DeployException.StepFailed signature(String code, AwsServiceException e) {
    Optional<Duration> skew = skew(e);
    boolean clocksAgree = skew.map(by -> by.abs().compareTo(BEARABLE_SKEW) < 0).orElse(false);
    if (clocksAgree && !code.equals("RequestExpired")) {
      return failed(
          "AWS rejects the signature (" + code + "): the secret key does not fit the access key",
          "check AWS_SECRET_ACCESS_KEY, or the profile that the credentials come from",
          e);
    }
    String off =
        skew.map(by -> "this machine's clock is " + describe(by) + " the one of AWS")
            .orElse("this machine's clock and the one of AWS differ");
    return failed(
        "AWS rejects the time of the call (" + code + "): " + off,
        "set this machine's clock, such as with chrony or 'timedatectl set-ntp true'",
        e);
  }

  /** How far this machine's clock is ahead of the server's, where that is told. */
  private Optional<Duration> skew(AwsServiceException e) {
    if (e.awsErrorDetails().sdkHttpResponse() == null) {
      return Optional.empty();
    }
    return e.awsErrorDetails()
        .sdkHttpResponse()
        .firstMatchingHeader("Date")
        .flatMap(RdsFailure::time)
        .map(there -> Duration.between(there, clock.instant()));
  }

  private static Optional<Instant> time(String header) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String describe(Duration ahead) {
    return ahead.abs().toMinutes() + " min " + (ahead.isNegative() ? "behind" : "ahead of");
  }

  private static DeployException.StepFailed denied(String action, AwsServiceException e) {
    String message = text(e);
    Matcher named = ACTION.matcher(message);
    String denied = named.find() ? named.group(1) : action;
    Matcher caller = CALLER.matcher(message);
    return failed(
        "AWS denies " + denied + (caller.find() ? " to " + caller.group(1) : ""),
        "allow " + denied + " in its policy; docs/backups-rds.md has the whole policy",
        e);
  }

  private static DeployException.StepFailed unanswered(String action, SdkException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("Unable to load credentials")) {
      return failed(
          "there are no AWS credentials: neither in the environment, nor in a profile, nor from the"
              + " container or instance",
          "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or let the runner assume a"
              + " role",
          e);
    }
    if (message.contains("Unable to load region")) {
      return failed(
          "no AWS region is known",
          "set backup.rds.region, AWS_REGION or the region of the profile",
          e);
    }
    if (e instanceof SdkServiceException service) {
      return failed(
          action + " was answered with status " + service.statusCode() + " and no reason",
          "check backup.rds.endpoint and proxies on the way, then run the same command again",
          e);
    }
    String why =
        cause(e, java.net.UnknownHostException.class).isPresent()
            ? "the host name of its address is not known"
            : cause(e, java.net.ConnectException.class).isPresent()
                ? "the connection was refused"
                : cause(e, javax.net.ssl.SSLException.class).isPresent()
                    ? "TLS failed"
                    : e instanceof ApiCallTimeoutException ? "no answer in time" : message;
    return failed(
        "the RDS API does not answer " + action + ": " + why,
        "check backup.rds.region and backup.rds.endpoint, the network and its proxy",
        e);
  }

  private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  private static String text(AwsServiceException e) {
    String message = e.awsErrorDetails().errorMessage();
    return message == null
        ? "no reason given"
        : message.strip().replaceAll("\\s+", " ").replaceFirst("\\.$", "");
  }

  private static DeployException.StepFailed failed(String summary, String next, Throwable cause) {
    return new DeployException.StepFailed(Problem.of(summary, next), cause);
  }
}
