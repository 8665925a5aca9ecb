package io.rackgateway.deploy.testing;

import io.rackgateway.deploy.testing.ConvoxRackStandIn.Exec;
import io.rackgateway.deploy.testing.RackApp.Pod;
import io.rackgateway.deploy.testing.RackApp.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;

/** Logs and commands of a {@link ConvoxRackStandIn}. All but commands under the lock on its app. */
final class RackStreams {

  private static final String EXIT = "F1E49A85-0AD7-4AEF-A618-C249C6E6568D:";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RackApp app;
  private final Map<RackSocket, String> followers = new LinkedHashMap<>();
  private final Set<RackSocket> sockets = new LinkedHashSet<>();
  private final List<Map.Entry<String, String>> log = new ArrayList<>();
  List<String> buildLog = List.of("Building: .", "Running: docker pull");
  int buildLogLines = Integer.MAX_VALUE;
  Exec exec = (command, release, out) -> 0;
  boolean exitCodeMissing;
  boolean exitCodeSplit;
  int execPieces = Integer.MAX_VALUE;

  RackStreams(RackApp app) {
    this.app = app;
  }

  /** Cuts all that is open. */
  void cut() {
    sockets.forEach(RackSocket::breakOff);
  }

  void close() {
    cut();
    threads.shutdownNow();
  }

  private MockResponse.Builder socket(RackCall call, Consumer<RackSocket> opened) {
    return new RackSocket(
            open -> {
              synchronized (app) {
                sockets.add(open);
                opened.accept(open);
              }
            },
            gone -> {
              synchronized (app) {
                sockets.remove(gone);
                followers.remove(gone);
              }
            })
        .upgrade(call.request());
  }

  /** Says what is wrong. */
  MockResponse.Builder refusal(RackCall call, Refusal e) {
    return socket(call, socket -> fail(socket, e.getMessage()));
  }

  private static void fail(RackSocket socket, String message) {
    socket.text("ERROR: " + message + "\n");
    socket.end();
  }

  MockResponse.Builder buildLogs(RackCall call) {
    RackApp.Build build = app.build(call.id());
    List<String> lines = new ArrayList<>(buildLog);
    String error = build.error == null ? app.buildFailure : build.error;
    if (error != null) {
      lines.add("ERROR: " + error);
    }
    int most = build.status.equals("running") ? buildLogLines : Integer.MAX_VALUE;
    return socket(
        call,
        socket -> {
          lines.stream().limit(most).forEach(line -> socket.text(line + "\n"));
          if (most < lines.size()) {
            socket.breakOff();
          } else {
            socket.end();
          }
        });
  }

  void log(String service, String line) {
    log.add(Map.entry(service, line));
    followers.forEach(
        (socket, of) -> {
          if (of.isEmpty() || of.equals(service)) {
            socket.text(line + "\n");
          }
        });
  }

  /** The log of a service, or of all when the name is empty. */
  MockResponse.Builder logs(RackCall call, String service) {
    return socket(call, socket -> logs(call, service, socket));
  }

  private void logs(RackCall call, String service, RackSocket socket) {
    List<String> lines =
        log.stream()
            .filter(line -> service.isEmpty() || line.getKey().equals(service))
            .map(Map.Entry::getValue)
            .toList();
    int tail = call.header("Tail").isEmpty() ? lines.size() : Integer.parseInt(call.header("Tail"));
    lines.stream().skip(Math.max(0, lines.size() - tail)).forEach(line -> socket.text(line + "\n"));
    if (call.header("Follow").equals("true")) {
      followers.put(socket, service);
    } else {
      socket.end();
    }
  }

  MockResponse.Builder exec(RackCall call) {
    return socket(call, socket -> exec(call, socket));
  }

  private void exec(RackCall call, RackSocket socket) {
    Pod process;
    try {
      process = app.process(call.id());
    } catch (Refusal e) {
      socket.text(EXIT + "0\n");
      fail(socket, e.getMessage());
      return;
    }
    if (!process.status.equals("running")) {
      socket.text(EXIT + "1\n");
      fail(socket, "unable to upgrade connection: container not found");
      return;
    }
    Exec handler = exec;
    Output out = new Output(socket, !call.header("Tty").equals("false"), execPieces);
    boolean missing = exitCodeMissing;
    boolean split = exitCodeSplit;
    threads.execute(
        () -> {
          String marker = EXIT + run(handler, call.header("Command"), process.release, out) + "\n";
          if (split) {
            socket.text(marker.substring(0, 20));
            socket.text(marker.substring(20, marker.length() - 2));
            socket.text(marker.substring(marker.length() - 2));
          } else if (!missing) {
            socket.text(marker);
          }
          socket.end();
        });
  }

  /** Whatever the test's own code throws is the failure of its command. */
  private static int run(Exec handler, String command, String release, Output out) {
    try {
      return handler.run(command, release, out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 137;
    } catch (Exception e) {
      out.accept(e + "\n");
      return 126;
    }
  }

  /** A command's output on its way into the socket. */
  private static final class Output implements Consumer<String> {
    private final RackSocket socket;
    private final boolean terminal;
    private int left;

    Output(RackSocket socket, boolean terminal, int left) {
      this.socket = socket;
      this.terminal = terminal;
      this.left = left;
      if (left == 0) {
        socket.breakOff();
      }
    }

    @Override
    public synchronized void accept(String text) {
      if (left > 0) {
        socket.text(terminal ? text.replace("\n", "\r\n") : text);
        left--;
      }
      if (left == 0) {
        socket.breakOff();
      }
    }
  }
}
