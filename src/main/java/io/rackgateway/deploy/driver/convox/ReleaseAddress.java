package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.convox.Rack;
import io.rackgateway.deploy.convox.RackRelease;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.manifest.AddressMove;
import io.rackgateway.deploy.manifest.DatabaseVariables;
import io.rackgateway.deploy.manifest.UrlHosts;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The address of the database in the environment of releases. A change is a release that is not
 * promoted: whatever the run promotes next is made from it. Its description notes what was changed,
 * and from which release; of the recent releases only.
 */
final class ReleaseAddress implements DatabaseAddress {

  private static final String BACK = Releases.ADDRESS + "back at ";
  private static final Pattern NOTE =
      Pattern.compile("^.*: " + Releases.ADDRESS + "at (\\S+) instead of (.+) of (R[A-Z]+)$");

  private final Rack rack;
  private final Releases releases;
  private final DatabaseVariables names;

  ReleaseAddress(Rack rack, Releases releases, DatabaseVariables names) {
    this.rack = rack;
    this.releases = releases;
    this.names = names;
  }

  /**
   * @param origin the release that has the values from before
   */
  private record Note(AddressMove move, String origin) {

    static Optional<Note> of(RackRelease release) {
      Matcher matcher = NOTE.matcher(release.description());
      return matcher.matches()
          ? Optional.of(
              new Note(
                  new AddressMove(List.of(matcher.group(2).split(", ", -1)), matcher.group(1)),
                  matcher.group(3)))
          : Optional.empty();
    }
  }

  /**
   * The variables that lead to the database and that are not promoted yet; empty where the active
   * release has them.
   */
  Map<String, String> pending() {
    Map<String, String> latest = releases.latest().variables();
    Map<String, String> active = rack.release(rack.app().release()).variables();
    Map<String, String> pending = new LinkedHashMap<>();
    chosen(latest).stream()
        .filter(name -> !Objects.equals(latest.get(name), active.get(name)))
        .forEach(name -> putIfKnown(pending, name, latest.get(name)));
    return pending;
  }

  @Override
  public Kept look() {
    try {
      return look(releases.latest());
    } catch (DeployException e) {
      return new Kept(List.of(), e.problem());
    }
  }

  private Kept look(RackRelease release) {
    Map<String, String> variables = release.variables();
    List<Place> places = new ArrayList<>();
    Problem obstacle = null;
    for (String name : chosen(variables)) {
      Optional<UrlHosts> hosts = UrlHosts.in(variables.getOrDefault(name, ""));
      if (hosts.isEmpty() && obstacle == null) {
        obstacle = unclear(release, name, variables.getOrDefault(name, ""));
      }
      places.add(
          new Place(
              name,
              "the environment of release " + release.id(),
              hosts.map(UrlHosts::servers).orElse(List.of())));
    }
    return new Kept(places, places.isEmpty() ? nowhere(release) : obstacle);
  }

  private List<String> chosen(Map<String, String> variables) {
    return names.leading(
        name -> Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty()),
        variables::containsKey);
  }

  private Problem nowhere(RackRelease release) {
    return Problem.of(
        "none of "
            + String.join(", ", names.application())
            + " is in the environment of release "
            + release.id()
            + ", so the gateway cannot be given another database server",
        "set the variable by 'convox env set', or name the right one in database.variables; the"
            + " address of a resource of the app is the rack's own matter");
  }

  private Problem unclear(RackRelease release, String name, String value) {
    boolean masked = rack.throughGateway() && value.matches("\\*+");
    return masked
        ? Problem.of(
            "the Rack Gateway does not tell " + name + " of release " + release.id(),
            "give the rack's own address in deploy.convox.rack, or let the token read secrets")
        : Problem.of(
            name
                + " of release "
                + release.id()
                + " cannot be given another host: it is not of the form"
                + " postgresql://user:password@host:port/name",
            "write it so by 'convox env set'");
  }

  @Override
  public void change(RunId run, Server to) {
    RackRelease latest = releases.latest();
    Kept kept = look(latest);
    Problem obstacle = kept.obstacle();
    if (obstacle != null) {
      throw new DeployException.StepFailed(obstacle);
    }
    Map<String, String> variables = latest.variables();
    Map<String, String> changes = new LinkedHashMap<>();
    for (Place place : kept.places()) {
      if (!AddressMove.same(place.servers(), List.of(to.toString()))) {
        String url = variables.getOrDefault(place.name(), "");
        UrlHosts.in(url).ifPresent(hosts -> changes.put(place.name(), hosts.moved(url, to)));
      }
    }
    if (!changes.isEmpty()) {
      RackRelease unused =
          rack.createRelease(
              latest,
              null,
              changes,
              Releases.of(
                  run,
                  Releases.ADDRESS
                      + "at "
                      + to
                      + " instead of "
                      + servers(kept)
                      + " of "
                      + latest.id()));
    }
  }

  private static String servers(Kept kept) {
    return kept.places().stream()
        .flatMap(place -> place.servers().stream())
        .map(Server::toString)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private Optional<Note> note(RunId run) {
    return releases.of(run).stream().flatMap(release -> Note.of(release).stream()).findFirst();
  }

  @Override
  public boolean changed(RunId run) {
    return note(run).filter(note -> leadsTo(List.of(note.move().to()))).isPresent();
  }

  private boolean leadsTo(List<String> servers) {
    List<Place> places = look().places();
    return !places.isEmpty()
        && places.stream().allMatch(place -> AddressMove.same(place.servers(), servers));
  }

  @Override
  public void changeBack(RunId run) {
    Optional<Note> noted = note(run);
    if (noted.isEmpty() || leadsTo(noted.get().move().from())) {
      return;
    }
    Note note = noted.get();
    String from = String.join(", ", note.move().from());
    if (!leadsTo(List.of(note.move().to()))) {
      throw new DeployException.StepFailed(
          look().display() + " was given another server by somebody else during the run",
          "put " + from + " back by 'convox env set', then run 'resume'");
    }
    RackRelease latest = releases.latest();
    Map<String, String> before = rack.release(note.origin()).variables();
    Map<String, String> changes = new LinkedHashMap<>();
    chosen(latest.variables()).forEach(name -> putIfKnown(changes, name, before.get(name)));
    RackRelease unused =
        rack.createRelease(
            latest,
            null,
            changes,
            Releases.of(run, BACK + from + " instead of " + note.move().to()));
  }

  private static void putIfKnown(Map<String, String> changes, String name, @Nullable String value) {
    if (value != null) {
      changes.put(name, value);
    }
  }

  @Override
  public boolean takenBack(RunId run) {
    return releases.of(run).stream()
        .anyMatch(release -> release.description().startsWith(Releases.of(run, BACK)));
  }

  @Override
  public Optional<Server> replacementOf(List<Server> servers) {
    List<AddressMove> moves =
        releases.recent().stream()
            .flatMap(release -> Note.of(release).stream())
            .map(Note::move)
            .collect(Collectors.toCollection(ArrayList::new));
    if (moves.isEmpty()) {
      return Optional.empty();
    }
    Collections.reverse(moves);
    return look().places().stream()
        .findFirst()
        .flatMap(place -> AddressMove.follow(moves, servers, place.servers()));
  }
}
