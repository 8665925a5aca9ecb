package io.rackgateway.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.ByteString;

/** Pushes images to a registry on this machine, by the OCI distribution specification. */
public final class ImagePush {

  private final OkHttpClient http = new OkHttpClient();
  private final String registry;
  private final String authorization =
      Credentials.basic(ImageRegistry.USER, ImageRegistry.PASSWORD);

  /**
   * @param registry host and port
   */
  public ImagePush(String registry) {
    this.registry = registry;
  }

  /** Pushes an image, and what it refers to, as {@code repository:tag}. */
  public void push(TinyImage image, String repository, String tag) throws IOException {
    for (ByteString blob : image.blobs()) {
      blob(blob, repository);
    }
    for (TinyImage part : image.images()) {
      push(part, repository, part.digest());
    }
    HttpUrl url = HttpUrl.get("http://" + registry + "/v2/" + repository + "/manifests/" + tag);
    send(
        request(url)
            .put(RequestBody.create(image.manifest(), MediaType.get(image.mediaType())))
            .build());
  }

  private void blob(ByteString blob, String repository) throws IOException {
    HttpUrl uploads = HttpUrl.get("http://" + registry + "/v2/" + repository + "/blobs/uploads/");
    String location = send(request(uploads).post(RequestBody.EMPTY).build());
    HttpUrl upload =
        Objects.requireNonNull(uploads.resolve(location))
            .newBuilder()
            .addQueryParameter("digest", TinyImage.digest(blob))
            .build();
    send(
        request(upload)
            .put(RequestBody.create(blob, MediaType.get("application/octet-stream")))
            .build());
  }

  private Request.Builder request(HttpUrl url) {
    return new Request.Builder().url(url).header("Authorization", authorization);
  }

  private String send(Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      assertThat(response.code())
          .as("%s %s: %s", request.method(), request.url(), response.body().string())
          .isBetween(200, 299);
      return response.header("Location", "");
    }
  }
}
