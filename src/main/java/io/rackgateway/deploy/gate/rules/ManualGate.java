package io.rackgateway.deploy.gate.rules;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.Gate;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The gate {@code manual}: what only people can do, such as notifying users, and have to confirm
 * item by item.
 */
public final class ManualGate implements GateCheck {

  private static final String NAME = "manual";

  private final List<String> items;

  /**
   * @param items what has to be confirmed; none for nothing
   */
  public ManualGate(List<String> items) {
    this.items = List.copyOf(items);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public GateAnswer answer(GateContext context) {
    if (items.isEmpty()) {
      return GateAnswer.of(Gate.pass(NAME, "nothing has to be confirmed by hand"));
    }
    return GateAnswer.of(
        Gate.block(
                NAME,
                "has to be confirmed by hand: " + String.join(", ", items),
                "once done, add "
                    + items.stream()
                        .map(item -> "--accept " + NAME + "=" + item)
                        .collect(Collectors.joining(" ")))
            .acknowledgedBy(items));
  }
}
