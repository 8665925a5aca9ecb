package io.rackgateway.deploy.kill;

import io.rackgateway.deploy.cli.App;
import io.rackgateway.deploy.testing.KillingJournal;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The command line in a process that gets a real {@code kill -9} at a given point of its journal:
 * {@code KillAt POINT FROM COMMAND...}, where FROM is the writing to count from or empty.
 */
final class KillAt {

  private KillAt() {}

  public static void main(String[] arguments) {
    int point = Integer.parseInt(arguments[0]);
    App app =
        new App(
            System.getenv(),
            System.out,
            System.err,
            journal -> new KillingJournal(journal, point, arguments[1], KillAt::die).journal());
    System.exit(app.run(Arrays.copyOfRange(arguments, 2, arguments.length)));
  }

  private static void die() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
    } catch (IOException e) {
      throw new IllegalStateException("kill is missing", e);
    }
    while (true) {
      LockSupport.park();
    }
  }
}
