package io.rackgateway.deploy.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Lets the JDBC driver, which makes it by its name, connect to servers through the Unix sockets in
 * a folder. The sockets are named as libpq names them: {@code .s.PGSQL.5432}.
 */
public final class UnixSocketFactory extends SocketFactory {

  private final String folder;

  /**
   * @param folder of the sockets, as an absolute path
   */
  public UnixSocketFactory(String folder) {
    this.folder = folder;
  }

  @Override
  public Socket createSocket() throws IOException {
    return new UnixSocket(folder);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
      throws IOException {
    throw unused();
  }

  private static IOException unused() {
    return new IOException("a Unix socket is made first and connected then");
  }
}
