import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command and writes the most memory it ever held, in kB, to a file: {@code Peak FILE COMMAND...}. It is the
 * kernel's own high-water mark of that one process, read until the process ends; children are not in it.
 */
public final class Peak {

  private static final int EVERY_MILLIS = 5;

  private Peak() {}

  public static void main(String[] arguments) throws Exception {
    Process process =
        new ProcessBuilder(Arrays.asList(arguments).subList(1, arguments.length)).inheritIO().start();
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    long peak = 0;
    do {
      peak = Math.max(peak, highWater(status));
    } while (!process.waitFor(EVERY_MILLIS, TimeUnit.MILLISECONDS));
    Files.writeString(Path.of(arguments[0]), peak + "\n");
    System.exit(process.exitValue());
  }

  private static long highWater(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // it has just ended
    }
  }
}
