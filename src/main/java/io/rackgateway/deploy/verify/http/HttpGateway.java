package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.config.GatewayConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HostnameVerifier;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's address and how it is asked: every request on a connection of its own, because one
 * that was kept open may have died with the server before; redirects are seen, not followed.
 */
public final class HttpGateway {

  private final OkHttpClient client;
  private volatile @Nullable Limited last;
  private final String base;

  /**
   * @param client whose trust settings and dispatcher are used
   */
  public HttpGateway(OkHttpClient client, GatewayConfig gateway) {
    this(client, gateway.url());
  }

  HttpGateway(OkHttpClient client, URI url) {
    this.client =
        client
            .newBuilder()
            // None is kept. The time must not be short: the pool looks at connections in use as
            // often.
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.MINUTES))
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .followSslRedirects(false)
            .build();
    String text = url.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** The addresses that the gateway's host name has, as this machine resolves it. */
  List<InetAddress> addresses() throws UnknownHostException {
    return client.dns().lookup(HttpUrl.get(base).host());
  }

  /** The same gateway, asked on one of its addresses only. */
  HttpGateway at(InetAddress address) {
    return new HttpGateway(
        client.newBuilder().dns(host -> List.of(address)).build(), URI.create(base));
  }

  HttpUrl url() {
    return HttpUrl.get(base);
  }

  /** What compares a certificate's names with the host's. */
  HostnameVerifier names() {
    return client.hostnameVerifier();
  }

  /** The client of the last call, kept: to make one takes longer than a probe does. */
  private record Limited(Duration timeout, OkHttpClient client) {}

  /** The full address of a path. */
  String address(String path) {
    return base + (path.startsWith("/") ? path : "/" + path);
  }

  /** A GET that has to be answered, to the last byte, within the timeout. */
  Call get(String path, Duration timeout) {
    return call(request(path), timeout);
  }

  /** {@link #get} with an API token. */
  Call getWithToken(String path, String token, Duration timeout) {
    return call(request(path).header("Authorization", "Bearer " + token), timeout);
  }

  /** Any request, built from {@link #request}, that has to be answered within the timeout. */
  Call send(Request.Builder request, Duration timeout) {
    return call(request, timeout);
  }

  /** A GET of the path, to be changed. */
  Request.Builder request(String path) {
    return new Request.Builder()
        .url(address(path))
        .header("Accept", "application/json")
        .header("Connection", "close")
        .header("User-Agent", "rack-gateway-deploy");
  }

  private Call call(Request.Builder request, Duration timeout) {
    Limited limited = last;
    if (limited == null || !limited.timeout.equals(timeout)) {
      limited = new Limited(timeout, limited(timeout));
      last = limited;
    }
    return limited.client.newCall(request.build());
  }

  private OkHttpClient limited(Duration timeout) {
    return client
        .newBuilder()
        .callTimeout(timeout)
        .connectTimeout(timeout)
        .readTimeout(timeout)
        .writeTimeout(timeout)
        .build();
  }
}
