package io.rackgateway.deploy.endtoend;

import io.rackgateway.deploy.testing.DockerFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;

/** Ports of this machine one after another, which nobody listened on a moment ago. */
record PortRange(int first, int count) {

  static PortRange free(int count) {
    while (true) {
      PortRange range = new PortRange(DockerFixture.freePort(), count);
      if (range.ports().stream().allMatch(PortRange::isFree)) {
        return range;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  List<Integer> ports() {
    return IntStream.range(first, first + count).boxed().toList();
  }

  /** As Compose files write it. */
  @Override
  public String toString() {
    return first + "-" + (first + count - 1);
  }
}
