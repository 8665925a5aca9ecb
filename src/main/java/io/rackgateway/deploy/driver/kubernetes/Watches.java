package io.rackgateway.deploy.driver.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.rackgateway.deploy.time.Waits;
import java.util.function.Supplier;

/** Begins watches that keep themselves up: after a list, they tell what changes. */
final class Watches {

  private Watches() {}

  /**
   * Lists what there is, and watches it from there on.
   *
   * @param wakeup is woken by every change
   */
  static <T extends HasMetadata> SharedIndexInformer<T> begin(
      Cluster cluster, String what, Supplier<SharedIndexInformer<T>> make, Waits.Wakeup wakeup) {
    return cluster.call(
        what,
        () -> {
          SharedIndexInformer<T> informer =
              make.get()
                  .addEventHandler(new Waking<>(wakeup))
                  // Once it has begun it is kept up whatever happens: the wait has its own limit.
                  .exceptionHandler((begun, trouble) -> begun);
          return informer.run();
        });
  }

  private record Waking<T>(Waits.Wakeup wakeup) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      wakeup.signal();
    }

    @Override
    public void onUpdate(T before, T object) {
      wakeup.signal();
    }

    @Override
    public void onDelete(T object, boolean unknown) {
      wakeup.signal();
    }
  }
}
