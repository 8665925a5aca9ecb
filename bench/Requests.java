import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks a server of this machine at a steady rate, each time on a new connection, whether or not earlier requests were
 * answered: {@code Requests PORT PATH EVERY_MILLIS MOST_SECONDS}. Prints {@code ready} after the first good answer, and
 * what came of all requests from that one on when its standard input ends or the time is over.
 */
public final class Requests {

  private static final int TIMEOUT_MILLIS = 5_000;

  private final int port;
  private final byte[] request;
  private final List<Answer> answers = new ArrayList<>();
  private final CountDownLatch ready = new CountDownLatch(1);

  /**
   * @param sent when the request was sent, ended when the last byte of the answer came, both in nanoseconds
   * @param problem what was wrong with the answer; null for a good one
   */
  private record Answer(long sent, long ended, String problem) {
    boolean good() {
      return problem == null;
    }
  }

  private Requests(int port, String path) {
    this.port = port;
    this.request =
        ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
  }

  public static void main(String[] arguments) throws Exception {
    Requests requests = new Requests(Integer.parseInt(arguments[0]), arguments[1]);
    int every = Integer.parseInt(arguments[2]);
    int seconds = Integer.parseInt(arguments[3]);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Requests::daemon);
    ExecutorService senders = Executors.newCachedThreadPool(Requests::daemon);
    clock.scheduleAtFixedRate(
        () -> senders.execute(requests::send), 0, every, TimeUnit.MILLISECONDS);
    clock.schedule(() -> halt("no end came within " + seconds + " s"), seconds, TimeUnit.SECONDS);
    requests.ready.await();
    System.out.println("ready");
    System.in.readAllBytes();
    clock.shutdownNow();
    senders.shutdown();
    senders.awaitTermination(2 * TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    System.out.println(requests.summary());
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }

  private static void halt(String why) {
    System.err.println("Requests: " + why);
    Runtime.getRuntime().halt(1);
  }

  private void send() {
    long sent = System.nanoTime();
    String problem;
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.getOutputStream().write(request);
      problem = judge(socket.getInputStream());
    } catch (IOException e) {
      problem = e.toString();
    }
    synchronized (answers) {
      answers.add(new Answer(sent, System.nanoTime(), problem));
    }
    if (problem == null) {
      ready.countDown();
    }
  }

  private static String judge(InputStream in) throws IOException {
    String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    if (answer.startsWith("HTTP/1.1 200 ")) {
      return null;
    }
    return answer.isEmpty() ? "closed without an answer" : answer.lines().findFirst().orElse("");
  }

  /**
   * An outage begins when the first request that failed was sent, and ends when the first good answer to a later one came.
   */
  private String summary() {
    List<Answer> all;
    synchronized (answers) {
      all = new ArrayList<>(answers);
    }
    all.sort(Comparator.comparingLong(Answer::sent));
    while (!all.get(0).good()) {
      all.remove(0); // the server was not ready yet
    }
    List<Answer> bad = all.stream().filter(answer -> !answer.good()).toList();
    long down = 0;
    long up = 0;
    for (Answer first : bad) {
      if (up == 0 || first.sent > up) {
        up =
            all.stream()
                .filter(answer -> answer.good() && answer.sent > first.sent)
                .mapToLong(Answer::ended)
                .min()
                .orElseGet(System::nanoTime);
        down += up - first.sent;
      }
    }
    String problem = bad.isEmpty() ? "none" : bad.get(0).problem;
    return "sent=%d failed=%d down_ms=%d problem=%s"
        .formatted(all.size(), bad.size(), down / 1_000_000, problem.replace(' ', '_'));
  }
}
