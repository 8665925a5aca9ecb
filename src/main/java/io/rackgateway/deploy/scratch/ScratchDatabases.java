package io.rackgateway.deploy.scratch;

import io.rackgateway.deploy.model.Problem;
import java.util.Optional;

/** Where scratch databases are made. */
public interface ScratchDatabases {

  /** Where, for people: {@code an embedded PostgreSQL 15}. */
  String display();

  /** Whether the roles that a copy needs are made where they are missing. */
  boolean keepsRoles();

  /**
   * Why a copy with these needs could not be held, as far as that can be told without making
   * anything; the problem's next step says what to configure.
   */
  Optional<Problem> obstacle(Need need);

  /**
   * Makes an empty database. What an earlier one left behind whose owner was killed is removed
   * first.
   *
   * @param name of letters, digits and hyphens, of its own for each run
   * @throws io.rackgateway.deploy.model.DeployException.Usage if a copy with these needs cannot be
   *     held; nothing is left
   */
  ScratchDatabase open(String name, Need need);
}
