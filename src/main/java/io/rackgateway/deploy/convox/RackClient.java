package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import okhttp3.Call;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/**
 * Calls of the rack API. A call ends when the run is cancelled. Redirects are not followed: the
 * credentials would go along.
 */
public final class RackClient {

  /** What racks take as a command line built from source, of no particular version. */
  private static final String VERSION = "dev";

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** For what a rack answers without much work. */
  private static final Duration QUESTION = Duration.ofSeconds(30);

  /** A socket whose other end is gone is found out by this. */
  private static final Duration PING = Duration.ofSeconds(20);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final OkHttpClient questions;
  private final OkHttpClient data;
  private final OkHttpClient sockets;
  private final RackAddress address;
  private final Cancellation cancellation;

  /** What is done with the body of an answer. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(InputStream body) throws IOException;
  }

  /**
   * @param base whose proxy settings are used
   * @param trust which certificates are accepted
   * @param limit how long a call that moves data may take
   * @throws DeployException.Usage if the file of authorities cannot be read
   */
  public RackClient(
      OkHttpClient base,
      RackAddress address,
      RackTrust trust,
      Duration limit,
      Cancellation cancellation) {
    OkHttpClient.Builder builder = base.newBuilder().followRedirects(false).connectTimeout(CONNECT);
    OkHttpClient trusting = trust.applyTo(builder).build();
    this.questions = limited(trusting, QUESTION.compareTo(limit) < 0 ? QUESTION : limit);
    this.data = limited(trusting, limit);
    this.sockets = trusting.newBuilder().readTimeout(Duration.ZERO).pingInterval(PING).build();
    this.address = address;
    this.cancellation = cancellation;
  }

  private static OkHttpClient limited(OkHttpClient client, Duration limit) {
    return client.newBuilder().readTimeout(limit).writeTimeout(limit).callTimeout(limit).build();
  }

  public RackAddress address() {
    return address;
  }

  /**
   * Asks for what is at a path, and gives up within half a minute.
   *
   * @param path its segments: {@code apps}, {@code gateway} …
   * @throws DeployException.StepFailed if there is no whole answer of success
   */
  public <T> T get(Reader<T> reader, String... path) {
    return send(questions, request(path).get().build(), reader);
  }

  /**
   * Asks for JSON.
   *
   * @param query parameters of the address
   * @throws CallFailure if there is no answer, or one that says to come back later, or the rack
   *     does not know the path
   * @throws DeployException.StepFailed if the rack refuses
   */
  JsonNode read(Map<String, String> query, String... path) {
    return exchange(builder(query, path).get());
  }

  /**
   * Posts a form.
   *
   * @param headers options that the API takes as headers
   * @throws CallFailure if it is not known whether the rack took it, or it does not know the path
   * @throws DeployException.StepFailed if the rack refuses
   */
  JsonNode post(Map<String, String> form, Map<String, String> headers, String... path) {
    Request.Builder request = request(path).post(body(form));
    headers.forEach(request::header);
    return exchange(request);
  }

  /** {@link #post} by the method PUT. */
  JsonNode putForm(Map<String, String> form, String... path) {
    return exchange(request(path).put(body(form)));
  }

  /** {@link #post} of something else than a form, for as long as the limit allows. */
  JsonNode upload(RequestBody content, String... path) {
    return attempt(data, request(path).post(content).build(), RackClient::json);
  }

  /** What is at a path, as it is. */
  byte[] bytes(String... path) {
    return attempt(questions, request(path).get().build(), InputStream::readAllBytes);
  }

  /** {@link #post} by the method DELETE. */
  JsonNode delete(String... path) {
    return exchange(request(path).delete());
  }

  /** Opens a WebSocket. What becomes of it the listener is told. */
  WebSocket open(Map<String, String> headers, WebSocketListener listener, String... path) {
    Request.Builder request = request(path);
    // As browsers and the command line of Convox do; racks compare it with their own name.
    request.header("Origin", address.base().scheme() + "://" + address.base().host());
    headers.forEach(request::header);
    return sockets.newWebSocket(request.build(), listener);
  }

  /** The words for a WebSocket that could not be opened, or broke. */
  RackFailure failures() {
    return new RackFailure(address, QUESTION);
  }

  private JsonNode exchange(Request.Builder request) {
    return attempt(questions, request.build(), RackClient::json);
  }

  private static JsonNode json(InputStream body) throws IOException {
    byte[] bytes = body.readAllBytes();
    // Calls that have nothing to tell are answered by 'ok'.
    boolean told = bytes.length > 0 && (bytes[0] == '{' || bytes[0] == '[');
    return told ? JSON.readTree(bytes) : JSON.missingNode();
  }

  private static RequestBody body(Map<String, String> form) {
    FormBody.Builder body = new FormBody.Builder();
    form.forEach(body::add);
    return body.build();
  }

  private Request.Builder builder(Map<String, String> query, String... path) {
    HttpUrl.Builder url = url(path);
    query.forEach(url::addQueryParameter);
    return request(url.build());
  }

  /**
   * Reads data at a path, for as long as the limit allows. Ask something else first: a server that
   * does not answer at all is found out sooner so.
   *
   * @throws DeployException.StepFailed if there is no whole answer of success
   */
  public <T> T download(Reader<T> reader, String... path) {
    return send(data, request(path).get().build(), reader);
  }

  /**
   * Puts a body at a path, for as long as the limit allows.
   *
   * @throws DeployException.StepFailed if the rack does not say that it took it
   */
  public void put(RequestBody body, String... path) {
    byte[] unused = send(data, request(path).put(body).build(), InputStream::readAllBytes);
  }

  private HttpUrl.Builder url(String... path) {
    HttpUrl.Builder url = address.base().newBuilder();
    for (String segment : path) {
      url.addPathSegment(segment);
    }
    return url;
  }

  private Request.Builder request(String... path) {
    return request(url(path).build());
  }

  private Request.Builder request(HttpUrl url) {
    return new Request.Builder()
        .url(url)
        .header("Authorization", address.authorization())
        .header("Accept", "application/json")
        .header("User-Agent", "convox.go/" + VERSION)
        .header("Version", VERSION);
  }

  private <T> T send(OkHttpClient http, Request request, Reader<T> reader) {
    try {
      return attempt(http, request, reader);
    } catch (CallFailure e) {
      throw e.failed();
    }
  }

  private <T> T attempt(OkHttpClient http, Request request, Reader<T> reader) {
    RackFailure failures = new RackFailure(address, Duration.ofMillis(http.callTimeoutMillis()));
    cancellation.throwIfPending();
    Call call = http.newCall(request);
    Cancellation.Registration registration = cancellation.onRequest(call::cancel);
    try (Response response = call.execute()) {
      if (!response.isSuccessful()) {
        throw failures.answered(request, response);
      }
      return reader.read(response.body().byteStream());
    } catch (IOException e) {
      cancellation.throwIfPending();
      throw failures.broken(request, e);
    } finally {
      registration.close();
    }
  }
}
