package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

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

  private final OkHttpClient questions;
  private final OkHttpClient data;
  private final RackAddress address;
  private final Cancellation cancellation;

  /** What is done with the body of an answer. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(InputStream body) throws IOException;
  }

  /**
   * @param base whose proxy settings are used
   * @param caFile authorities to trust beside the system's, null for none
   * @param limit how long a call that moves data may take
   * @throws DeployException.Usage if the file of authorities cannot be read
   */
  public RackClient(
      OkHttpClient base,
      RackAddress address,
      @Nullable Path caFile,
      Duration limit,
      Cancellation cancellation) {
    OkHttpClient.Builder builder = base.newBuilder().followRedirects(false).connectTimeout(CONNECT);
    OkHttpClient trusting = (caFile == null ? builder : RackTrust.with(caFile, builder)).build();
    this.questions = limited(trusting, QUESTION.compareTo(limit) < 0 ? QUESTION : limit);
    this.data = limited(trusting, limit);
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

  private Request.Builder request(String... path) {
    HttpUrl.Builder url = address.base().newBuilder();
    for (String segment : path) {
      url.addPathSegment(segment);
    }
    return new Request.Builder()
        .url(url.build())
        .header("Authorization", address.authorization())
        .header("User-Agent", "convox.go/" + VERSION)
        .header("Version", VERSION);
  }

  private <T> T send(OkHttpClient http, Request request, Reader<T> reader) {
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
