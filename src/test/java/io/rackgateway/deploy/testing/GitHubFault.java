package io.rackgateway.deploy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okio.Buffer;

/** A way in which {@link GitHubStandIn} fails to answer as it should. */
@FunctionalInterface
public interface GitHubFault {

  /**
   * What is sent instead.
   *
   * @param url the address that was asked, as the client wrote it
   * @param answer what would have been sent
   */
  MockResponse instead(String url, MockResponse answer);

  /** A status with GitHub's error object. */
  static GitHubFault status(int code, String message) {
    return (url, answer) -> error(code, message).build();
  }

  /** The calls of this hour are used up. */
  static GitHubFault primaryLimit(int status, Instant reset) {
    return (url, answer) ->
        error(status, "API rate limit exceeded for 192.0.2.1.")
            .setHeader("X-RateLimit-Limit", 60)
            .setHeader("X-RateLimit-Remaining", 0)
            .setHeader("X-RateLimit-Reset", reset.getEpochSecond())
            .build();
  }

  /** Too many calls in a short time. */
  static GitHubFault secondaryLimit(int status, Duration retryAfter) {
    return (url, answer) ->
        error(status, "You have exceeded a secondary rate limit.")
            .setHeader("Retry-After", retryAfter.toSeconds())
            .setHeader("X-RateLimit-Remaining", 41)
            .build();
  }

  /** The answer with another body, of the same kind. */
  static GitHubFault body(String body) {
    return (url, answer) -> answer.newBuilder().removeHeader("ETag").body(body).build();
  }

  /** A whole answer of half the text. */
  static GitHubFault truncated() {
    return (url, answer) -> answer.newBuilder().body(half(answer)).removeHeader("ETag").build();
  }

  /** The connection ends in the middle of the answer. */
  static GitHubFault cutOff() {
    return (url, answer) ->
        answer.newBuilder().onResponseBody(new SocketEffect.CloseSocket()).build();
  }

  /** The connection ends without an answer. */
  static GitHubFault hangUp() {
    return (url, answer) ->
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
  }

  /** The status comes, the body does not come in time. */
  static GitHubFault slow(Duration delay) {
    return (url, answer) ->
        answer.newBuilder().bodyDelay(delay.toMillis(), TimeUnit.MILLISECONDS).build();
  }

  /** What a proxy puts in the way. */
  static GitHubFault webPage() {
    return (url, answer) ->
        new MockResponse.Builder()
            .setHeader("Content-Type", "text/html; charset=utf-8")
            .body("<!DOCTYPE html><html><title>Sign in</title></html>")
            .build();
  }

  /** A redirect; {@code null} leads to the same address again. */
  static GitHubFault redirect(int status, String location) {
    return (url, answer) ->
        new MockResponse.Builder()
            .code(status)
            .setHeader("Location", location == null ? url : location)
            .build();
  }

  private static MockResponse.Builder error(int code, String message) {
    return new MockResponse.Builder()
        .code(code)
        .setHeader("Content-Type", "application/json; charset=utf-8")
        .body("{\"message\":\"" + message + "\",\"status\":\"" + code + "\"}");
  }

  private static String half(MockResponse answer) {
    Buffer all = new Buffer();
    try {
      if (answer.getBody() != null) {
        answer.getBody().writeTo(all);
      }
      return all.readUtf8(all.size() / 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
