package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.journal.Journal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * A journal that ends the run at its n-th writing: as if the process were killed, nothing that
 * comes after has any effect, on the journal or elsewhere. Odd points are before a writing, even
 * ones after it.
 */
final class KillingJournal implements AutoCloseable {

  /** The run's death. An Error, so that nothing handles it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final Set<String> WRITES =
      Set.of("begin", "turnBack", "intend", "done", "failed", "finish", "acquire", "release");

  private final Journal real;
  private final int point;
  private int seen;
  private boolean dead;

  KillingJournal(Journal real, int point) {
    this.real = real;
    this.point = point;
  }

  Journal journal() {
    return (Journal)
        Proxy.newProxyInstance(
            Journal.class.getClassLoader(),
            new Class<?>[] {Journal.class},
            (proxy, method, arguments) -> {
              boolean write = WRITES.contains(method.getName());
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

  private void step() {
    seen++;
    if (dead || seen == point) {
      dead = true;
      throw new Killed();
    }
  }

  @Override
  public void close() {}
}
