import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A server of this machine, as if it were far away: {@code Distance LISTEN TO MILLIS}. What is sent either way arrives half
 * the time later, and a connection is there a whole one later. Prints {@code ready}, and ends when its standard input does.
 */
public final class Distance {

  private record Piece(long due, byte[] bytes) {}

  private Distance() {}

  public static void main(String[] arguments) throws IOException {
    int to = Integer.parseInt(arguments[1]);
    long nanos = Long.parseLong(arguments[2]) * 1_000_000;
    ServerSocket listening = new ServerSocket(Integer.parseInt(arguments[0]), 128, InetAddress.getLoopbackAddress());
    daemon(() -> accept(listening, to, nanos));
    System.out.println("ready");
    System.in.readAllBytes();
  }

  private static void accept(ServerSocket listening, int to, long nanos) throws IOException {
    while (true) {
      Socket near = listening.accept();
      long accepted = System.nanoTime();
      daemon(
          () -> {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            carry(near, far, accepted + nanos, nanos / 2);
            carry(far, near, accepted, nanos / 2);
          });
    }
  }

  private static void carry(Socket from, Socket to, long notBefore, long nanos) {
    BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    daemon(
        () -> {
          InputStream in = from.getInputStream();
          byte[] buffer = new byte[1 << 16];
          int count;
          do {
            count = in.read(buffer);
            long due = Math.max(notBefore, System.nanoTime()) + nanos;
            byte[] bytes = new byte[Math.max(0, count)];
            System.arraycopy(buffer, 0, bytes, 0, bytes.length);
            pieces.add(new Piece(due, bytes));
          } while (count >= 0);
        });
    daemon(
        () -> {
          OutputStream out = to.getOutputStream();
          Piece piece;
          do {
            piece = pieces.take();
            for (long left = piece.due - System.nanoTime(); left > 0; left = piece.due - System.nanoTime()) {
              LockSupport.parkNanos(left);
            }
            out.write(piece.bytes);
          } while (piece.bytes.length > 0);
          to.shutdownOutput();
        });
  }

  private interface Task {
    void run() throws Exception;
  }

  private static void daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception e) {
                // One side closed the connection: that is its end.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
