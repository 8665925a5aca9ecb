package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The gateway's health on each of the addresses that its host name has. A client takes any of them,
 * and a request that is sent to a good one hides a bad one.
 */
final class AddressHealth {

  private static final int MOST = 16;
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(250);

  private final HttpGateway http;
  private final String path;
  private final HealthCall call;
  private final Waits waits;

  AddressHealth(HttpGateway http, String path, HealthCall call, Waits waits) {
    this.http = http;
    this.path = path;
    this.call = call;
    this.waits = waits;
  }

  /**
   * Asks on every address at the same time.
   *
   * @param patience how long a bad one gets to become good
   * @return empty where there is one address only
   */
  Optional<Finding> check(Duration patience) {
    List<InetAddress> addresses;
    try {
      addresses = http.addresses().stream().distinct().limit(MOST).toList();
    } catch (UnknownHostException e) {
      // It was known a moment ago, or a proxy resolves it.
      return Optional.empty();
    }
    if (addresses.size() < 2 || http.url().host().equals("localhost")) {
      return Optional.empty();
    }
    Map<InetAddress, HealthCall.Look> looks = askAll(addresses, patience);
    List<String> bad = new ArrayList<>();
    List<String> unreachable = new ArrayList<>();
    looks.forEach(
        (address, look) -> {
          if (isUnreachable(address, look)) {
            unreachable.add(address.getHostAddress());
          } else if (!look.good()) {
            bad.add(address.getHostAddress() + ": " + look.problem());
          }
        });
    String all = addresses.size() + " addresses";
    if (!bad.isEmpty()) {
      return Optional.of(
          Finding.fail(
              bad.size()
                  + " of the "
                  + all
                  + " of "
                  + http.url().host()
                  + (bad.size() == 1 ? " does" : " do")
                  + " not answer well: "
                  + String.join("; ", bad)));
    }
    return Optional.of(
        Finding.pass(
            unreachable.isEmpty()
                ? "on each of its " + all
                : "on "
                    + (addresses.size() - unreachable.size())
                    + " of its "
                    + all
                    + "; this machine has no way to "
                    + String.join(", ", unreachable)));
  }

  /** Many machines have no IPv6, which says nothing about the gateway's. */
  private static boolean isUnreachable(InetAddress address, HealthCall.Look look) {
    IOException failure = look.failure();
    return address instanceof Inet6Address
        && failure != null
        && String.valueOf(failure.getMessage()).contains("unreachable");
  }

  private Map<InetAddress, HealthCall.Look> askAll(List<InetAddress> addresses, Duration patience) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            addresses.size(),
            task -> {
              Thread thread = new Thread(task, "address");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Map<InetAddress, Future<HealthCall.Look>> asked = new LinkedHashMap<>();
      for (InetAddress address : addresses) {
        asked.put(address, threads.submit(() -> ask(address, patience)));
      }
      Map<InetAddress, HealthCall.Look> looks = new LinkedHashMap<>();
      asked.forEach((address, look) -> looks.put(address, get(look)));
      return looks;
    } finally {
      threads.shutdownNow();
    }
  }

  private HealthCall.Look ask(InetAddress address, Duration patience) {
    HttpGateway one = http.at(address);
    HealthCall.Look first = call.ask(one, path, LONGEST_ANSWER);
    if (first.good() || isUnreachable(address, first)) {
      return first;
    }
    AtomicReference<HealthCall.Look> last = new AtomicReference<>(first);
    waits.untilTrue(
        "a good answer from " + address.getHostAddress(),
        patience,
        POLL,
        new Waits.Wakeup(),
        () -> {
          HealthCall.Look look = call.ask(one, path, LONGEST_ANSWER);
          last.set(look);
          return look.good();
        });
    return Objects.requireNonNull(last.get());
  }

  private static HealthCall.Look get(Future<HealthCall.Look> look) {
    try {
      return look.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DeployException known) {
        throw known;
      }
      throw new IllegalStateException("asking ended with an error", e.getCause());
    }
  }
}
