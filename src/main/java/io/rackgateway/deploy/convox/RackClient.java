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

  private final OkHttpClient http;
  private final RackAddress address;
  private final Cancellation cancellation;
  private final RackFailure failures;

  /** What is done with the body of an answer. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(InputStream body) throws IOException;
  }

  /**
   * @param base whose proxy settings are used
   * @param caFile authorities to trust beside the system's, null for none
   * @param limit how long one call may take, data included
   * @throws DeployException.Usage if the file of authorities cannot be read
   */
  public RackClient(
      OkHttpClient base,
      RackAddress address,
      @Nullable Path caFile,
      Duration limit,
      Cancellation cancellation) {
    OkHttpClient.Builder builder =
        base.newBuilder()
            .followRedirects(false)
            .connectTimeout(CONNECT)
            .readTimeout(limit)
            .writeTimeout(limit)
            .callTimeout(limit);
    this.http = (caFile == null ? builder : RackTrust.with(caFile, builder)).build();
    this.address = address;
    this.cancellation = cancellation;
    this.failures = new RackFailure(address, limit);
  }

  public RackAddress address() {
    return address;
  }

  /**
   * Reads what is at a path.
   *
   * @param path its segments: {@code apps}, {@code gateway} …
   * @throws DeployException.StepFailed if there is no whole answer of success
   */
  public <T> T get(Reader<T> reader, String... path) {
    return send(request(path).get().build(), reader);
  }

  /**
   * Puts a body at a path.
   *
   * @throws DeployException.StepFailed if the rack does not say that it took it
   */
  public void put(RequestBody body, String... path) {
    byte[] unused = send(request(path).put(body).build(), InputStream::readAllBytes);
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

  private <T> T send(Request request, Reader<T> reader) {
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
