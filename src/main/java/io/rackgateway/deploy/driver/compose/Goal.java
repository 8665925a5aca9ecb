package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.model.Plan;
import org.jspecify.annotations.Nullable;

/**
 * One way to go: which containers are to run in the end.
 *
 * @param reference the image reference they are made with
 * @param image the id of the image they are made from; null when any image of that reference will
 *     do
 * @param count how many there are to be; 0 for as many as the files say
 */
record Goal(String reference, @Nullable String image, int count) {

  /** Forward: to what the plan is for. */
  static Goal to(Plan plan, @Nullable String image) {
    return new Goal(plan.toReference(), image, plan.instances().size());
  }

  /** Back: to what ran before. */
  static Goal from(Plan plan) {
    return new Goal(plan.fromReference(), plan.fromImage(), plan.instances().size());
  }

  boolean matches(Container container) {
    return container.isFrom(reference, image);
  }

  /** The least number of containers that has to run. */
  int atLeast() {
    return Math.max(1, count);
  }
}
