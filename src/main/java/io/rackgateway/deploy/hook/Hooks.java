package io.rackgateway.deploy.hook;

import io.rackgateway.deploy.driver.Effect;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.model.RunResult;
import java.util.List;

/** Commands of the user's own around a run that changes a gateway. */
public interface Hooks {

  /**
   * What is to be done before anything is changed, in order. Each throws {@code
   * DeployException.Blocked} when its command fails, so that the run ends without a change, or
   * {@code DeployException.Cancelled} when the run is asked to stop meanwhile.
   */
  List<Effect> before(RunId run, Plan plan);

  /**
   * Runs what is to be done after a run, however it ended. Never throws: a command that fails is
   * told as an event.
   *
   * @param result how the run ended
   */
  void after(Plan plan, RunResult result);

  /** Where there are none. */
  static Hooks none() {
    return new Hooks() {
      @Override
      public List<Effect> before(RunId run, Plan plan) {
        return List.of();
      }

      @Override
      public void after(Plan plan, RunResult result) {
        // Nothing is configured.
      }
    };
  }
}
