package io.rackgateway.deploy.release.github;

import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.HttpUrl;

/**
 * Which server a call was at when it failed: archives come from another one than the API's, and a
 * firewall may let through to one of them only. A proxy in between counts as the server.
 */
final class LastServer extends EventListener {

  private volatile String name;

  LastServer(HttpUrl first) {
    this.name = name(first);
  }

  /** The host, and its port where that is not the usual one. */
  String name() {
    return name;
  }

  static String name(HttpUrl url) {
    return name(url.host(), url.port());
  }

  @Override
  public void dnsStart(Call call, String domainName) {
    name = domainName;
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    name = name(address.getHostString(), address.getPort());
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    InetSocketAddress address = connection.route().socketAddress();
    name = name(address.getHostString(), address.getPort());
  }

  private static String name(String host, int port) {
    return port == 443 || port == 80 ? host : host + ":" + port;
  }
}
