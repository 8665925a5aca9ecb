package io.rackgateway.deploy.testing;

import io.rackgateway.deploy.journal.Journal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * A journal that ends the run at its n-th writing. Odd points are before a writing, even ones after
 * it, so that between them lie the effects.
 */
public final class KillingJournal {

  private static final Set<String> WRITES =
      Set.of("begin", "turnBack", "intend", "done", "failed", "finish", "acquire", "release");

  private final Journal real;
  private final int point;
  private final String from;
  private final Runnable death;
  private boolean counting;
  private int seen;
  private boolean dead;

  /** Counts from the first writing on. */
  public KillingJournal(Journal real, int point, Runnable death) {
    this(real, point, "", death);
  }

  /**
   * @param from the writing to count from, such as {@code turnBack}; empty to count from the first
   * @param death ends the run and does not return, now and whenever it is asked again
   */
  public KillingJournal(Journal real, int point, String from, Runnable death) {
    this.real = real;
    this.point = point;
    this.from = from;
    this.death = death;
  }

  /** The journal to give to the run. */
  public Journal journal() {
    return (Journal)
        Proxy.newProxyInstance(
            Journal.class.getClassLoader(),
            new Class<?>[] {Journal.class},
            (proxy, method, arguments) -> {
              counting |= from.isEmpty() || from.equals(method.getName());
              boolean write = counting && WRITES.contains(method.getName());
              if (write) {
                step();
              }
              Object answer;
              try {
                answer = method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (write) {
                step();
              }
              return answer;
            });
  }

  private synchronized void step() {
    seen++;
    if (dead || seen == point) {
      dead = true;
      death.run();
    }
  }
}
