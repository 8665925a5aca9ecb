package io.rackgateway.deploy.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports of 127.0.0.1 that nobody listens on. They lie below those that systems give to outgoing
 * connections (from 32768 on with Linux), one of which could otherwise have the port just when a
 * server that was stopped comes back to it. None is given twice in a process.
 */
public final class Ports {

  private static final int FIRST = 20_000;
  private static final int LAST = 30_000;
  private static final int TRIES = 1_000;
  private static final Random RANDOM = new Random();
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /** One port. */
  public static int free() {
    return free(1);
  }

  /** The first of several ports one after another. */
  public static synchronized int free(int count) {
    for (int i = 0; i < TRIES; i++) {
      int first = FIRST + RANDOM.nextInt(LAST - FIRST - count);
      if (areFree(first, count)) {
        for (int port = first; port < first + count; port++) {
          GIVEN.add(port);
        }
        return first;
      }
    }
    throw new AssertionError("no free port between " + FIRST + " and " + LAST);
  }

  private static boolean areFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      if (GIVEN.contains(port) || !isFree(port)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
