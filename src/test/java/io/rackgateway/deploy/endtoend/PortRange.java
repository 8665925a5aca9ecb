package io.rackgateway.deploy.endtoend;

import io.rackgateway.deploy.testing.Ports;
import java.util.List;
import java.util.stream.IntStream;

/** Ports of this machine one after another, which nobody listened on a moment ago. */
record PortRange(int first, int count) {

  static PortRange free(int count) {
    return new PortRange(Ports.free(count), count);
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
