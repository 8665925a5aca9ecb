package io.rackgateway.deploy.kill;

/**
 * The points at which runs are killed: before and after each write into the journal. Killing at all
 * of them takes most of an hour, so that tests take some, the same ones each time, unless told
 * {@code -Dkill.every=1}.
 */
public final class KillPoints {

  /** Odd, so that both the points before a write and those after one are among them. */
  private static final int USUALLY = 3;

  private KillPoints() {}

  /** How far apart the points are at which a run is killed. */
  public static int apart() {
    return apart(USUALLY);
  }

  /**
   * How far apart they are in a test that takes longer than others.
   *
   * @param usually odd
   */
  static int apart(int usually) {
    return Integer.getInteger("kill.every", usually);
  }
}
