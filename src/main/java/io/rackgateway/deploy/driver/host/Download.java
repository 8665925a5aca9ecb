package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Fetches a release over HTTP, with a bounded size, and checks it against {@code <url>.sha256}
 * where the server has that.
 */
final class Download {

  private static final long MOST_BYTES = 2L << 30;
  private static final long MOST_CHECKSUM_BYTES = 4096;

  private final OkHttpClient http;
  private final Events events;

  Download(OkHttpClient http, Events events) {
    this.http = http;
    this.events = events;
  }

  /**
   * Fetches the URL into a file.
   *
   * @throws IOException if it is not there, is too large, or has another checksum
   */
  void fetch(String url, Path file) throws IOException {
    MessageDigest digest = sha256();
    try (Response response = get(url)) {
      if (!response.isSuccessful()) {
        throw new IOException(shown(url) + " answered " + response.code());
      }
      try (InputStream in = response.body().byteStream();
          OutputStream out = Files.newOutputStream(file)) {
        copy(in, out, digest);
      }
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    Optional<String> expected = checksum(url);
    if (expected.isEmpty()) {
      events.emit(
          new Event.Notice(
              shown(url) + " has no .sha256 beside it; what was fetched has SHA-256 " + actual));
    } else if (!expected.get().equals(actual)) {
      throw new IOException(
          shown(url) + " has SHA-256 " + actual + ", but its .sha256 says " + expected.get());
    }
  }

  private Optional<String> checksum(String url) throws IOException {
    HttpUrl parsed = HttpUrl.get(url);
    HttpUrl beside = parsed.newBuilder().encodedPath(parsed.encodedPath() + ".sha256").build();
    try (Response response = get(beside.toString())) {
      if (response.code() == 404) {
        return Optional.empty();
      }
      if (!response.isSuccessful()) {
        throw new IOException(shown(beside.toString()) + " answered " + response.code());
      }
      String text = response.peekBody(MOST_CHECKSUM_BYTES).string().strip();
      return Optional.of(text.split("\\s+", 2)[0].toLowerCase(Locale.ROOT));
    }
  }

  private Response get(String url) throws IOException {
    return http.newCall(new Request.Builder().url(url).build()).execute();
  }

  private static void copy(InputStream in, OutputStream out, MessageDigest digest)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long bytes = 0;
    int read = in.read(buffer);
    while (read >= 0) {
      bytes += read;
      if (bytes > MOST_BYTES) {
        throw new IOException("it is larger than " + MOST_BYTES + " bytes");
      }
      digest.update(buffer, 0, read);
      out.write(buffer, 0, read);
      read = in.read(buffer);
    }
  }

  /** The URL without what may be secret in it: user, password and query. */
  static String shown(String url) {
    return url.replaceFirst("//[^/@]*@", "//").replaceFirst("\\?.*", "");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
