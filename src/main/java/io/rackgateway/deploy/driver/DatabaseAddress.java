package io.rackgateway.deploy.driver;

import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the platform keeps the address of the gateway's database, and how the gateway gets another
 * one: host and port are replaced in place, and user, password, database, parameters and everything
 * around them stay. What a run changed is noted on the platform before it is changed, so that a
 * process started after a crash can go on, or back, where another was killed. No value of a
 * variable is ever told, only its name and place.
 */
public interface DatabaseAddress {

  /** Where the address stands now. Changes nothing and never throws. */
  Kept look();

  /**
   * Puts another server in the place of the one that is there now, in every variable of {@link
   * #look}, and makes sure that the gateway gets it when it is started next. The gateway must be
   * stopped. Does what is left to do when it is repeated.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if a file cannot be changed, or
   *     was changed by somebody else since this run began to
   */
  void change(RunId run, Server to);

  /** Whether everything that the run was to change is changed. */
  boolean changed(RunId run);

  /**
   * Puts back what was there before the run; does nothing where it changed nothing. The gateway
   * must be stopped if {@link #changed}.
   *
   * @throws io.rackgateway.deploy.model.DeployException.StepFailed if somebody else gave a variable
   *     a third value meanwhile
   */
  void changeBack(RunId run);

  /** Whether the run's server was the gateway's, and the one before is again. */
  boolean takenBack(RunId run);

  /**
   * The server that a run put in the place of one of these, if the gateway has it now: whoever
   * still knows the old address learns the new one from this.
   */
  Optional<Server> replacementOf(List<Server> servers);

  /**
   * Where the address stands.
   *
   * @param places the variables that the gateway has, the one it uses first; the admin's among them
   * @param obstacle why they cannot be changed; null when they can
   */
  record Kept(List<Place> places, @Nullable Problem obstacle) {

    public Kept {
      places = List.copyOf(places);
    }

    /** For people: {@code DATABASE_URL in /srv/gateway/.env}. */
    public String display() {
      return places.stream().map(Place::display).collect(Collectors.joining(", "));
    }
  }

  /**
   * A variable.
   *
   * @param name such as {@code DATABASE_URL}
   * @param where the files that hold its host and port
   * @param servers what it leads to
   */
  record Place(String name, String where, List<Server> servers) {

    public Place {
      servers = List.copyOf(servers);
    }

    private String display() {
      return name + " in " + where;
    }
  }
}
