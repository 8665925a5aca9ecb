package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.manifest.AddressNotes.Note;
import io.rackgateway.deploy.manifest.FileEdit.Replacement;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The address of the database in the files in which a platform keeps the gateway's variables. */
final class PlatformAddress implements DatabaseAddress {

  private final GatewayVariables variables;
  private final DatabaseVariables names;
  private final AddressNotes notes;
  private final Runnable refresh;

  /**
   * @param refresh lets the platform notice that files changed; may be repeated
   */
  PlatformAddress(
      GatewayVariables variables, DatabaseVariables names, AddressNotes notes, Runnable refresh) {
    this.variables = variables;
    this.names = names;
    this.notes = notes;
    this.refresh = refresh;
  }

  @Override
  public Kept look() {
    try {
      return look(variables.now());
    } catch (DeployException e) {
      return new Kept(List.of(), e.problem());
    }
  }

  private Kept look(GatewayVariables.Now now) {
    List<Place> places = new ArrayList<>();
    try {
      for (String name : chosen(now)) {
        WrittenValue value = now.find(name).orElseThrow();
        List<Server> servers = AddressEdits.hosts(name, value).servers();
        // Also makes sure that it could be changed.
        Set<String> files = new LinkedHashSet<>();
        AddressEdits.of(name, value, new Server("another.example.com", 1))
            .forEach(place -> files.add(place.file().toString()));
        places.add(new Place(name, String.join(" and ", files), servers));
      }
      return places.isEmpty() ? new Kept(places, nowhere()) : new Kept(places, unwritable(places));
    } catch (DeployException e) {
      return new Kept(places, e.problem());
    }
  }

  private List<String> chosen(GatewayVariables.Now now) {
    return names.leading(
        name -> now.find(name).map(WrittenValue::text), name -> written(now, name));
  }

  private static boolean written(GatewayVariables.Now now, String name) {
    return now.find(name).filter(WrittenValue::inFiles).isPresent();
  }

  private static Optional<List<Server>> servers(GatewayVariables.Now now, String variable) {
    return now.find(variable).flatMap(value -> UrlHosts.in(value.text())).map(UrlHosts::servers);
  }

  private Problem nowhere() {
    return Problem.of(
        "none of "
            + String.join(", ", names.application())
            + " is in "
            + variables.places()
            + ", so the gateway cannot be given another database server",
        "write the variable there, or name the right one in database.variables");
  }

  private static @Nullable Problem unwritable(List<Place> places) {
    for (Place place : places) {
      for (String file : place.where().split(" and ", -1)) {
        if (!Files.isWritable(Path.of(file))) {
          return Problem.of(
              "this user may not write to " + file + ", where " + place.name() + " is",
              "run this as the user who owns the file, or give this one the right");
        }
      }
    }
    return null;
  }

  @Override
  public void change(RunId run, Server to) {
    Note note = notes.find(run).filter(this::begun).orElseGet(() -> prepare(run, to));
    for (FileEdit edit : note.files()) {
      byte[] content = read(edit.file());
      String hash = Sha256.of(content);
      if (hash.equals(edit.sha256Before())) {
        write(edit, edit.forward(content));
      } else if (!hash.equals(edit.sha256After()) && !leadsTo(edit, List.of(note.to()))) {
        throw changedByOthers(edit, "run 'resume --undo', then begin anew");
      }
    }
    refresh.run();
    for (Place place : look().places()) {
      if (!AddressMove.same(place.servers(), List.of(note.to()))) {
        throw new DeployException.StepFailed(
            place.name()
                + " does not lead to "
                + note.to()
                + " although "
                + place.where()
                + " was changed",
            "see what else gives the gateway this variable, then run 'resume'");
      }
    }
  }

  /** Whether a file of it is changed; while none is, it may be made anew. */
  private boolean begun(Note note) {
    return note.files().stream()
        .anyMatch(edit -> !Sha256.of(read(edit.file())).equals(edit.sha256Before()));
  }

  private Note prepare(RunId run, Server to) {
    GatewayVariables.Now now = variables.now();
    Kept kept = look(now);
    Problem obstacle = kept.obstacle();
    if (obstacle != null) {
      throw new DeployException.StepFailed(obstacle);
    }
    Map<Path, List<Replacement>> replacements = new TreeMap<>();
    Set<String> from = new LinkedHashSet<>();
    for (Place place : kept.places()) {
      place.servers().forEach(server -> from.add(server.toString()));
      WrittenValue value = now.find(place.name()).orElseThrow();
      for (AddressEdits.Place edit : AddressEdits.of(place.name(), value, to)) {
        add(replacements.computeIfAbsent(edit.file(), file -> new ArrayList<>()), edit);
      }
    }
    List<FileEdit> files = new ArrayList<>();
    replacements.forEach(
        (file, list) -> {
          list.sort(Comparator.comparingInt(Replacement::offset));
          files.add(FileEdit.of(file.toString(), read(file.toString()), list));
        });
    Note note = new Note(run.value(), List.copyOf(from), to.toString(), false, files);
    notes.write(note);
    return note;
  }

  /** Two variables may be made of the same text. */
  private static void add(List<Replacement> list, AddressEdits.Place edit) {
    boolean there = list.stream().anyMatch(other -> other.offset() == edit.replacement().offset());
    if (!there) {
      list.add(edit.replacement());
    }
  }

  @Override
  public boolean changed(RunId run) {
    return notes.find(run).filter(this::inPlace).isPresent();
  }

  private boolean inPlace(Note note) {
    return note.files().stream()
        .allMatch(
            edit -> {
              String hash = Sha256.of(read(edit.file()));
              return hash.equals(edit.sha256After())
                  || (!hash.equals(edit.sha256Before()) && leadsTo(edit, List.of(note.to())));
            });
  }

  /** Whether the variables lead there in a file that has been changed otherwise. */
  private boolean leadsTo(FileEdit edit, List<String> servers) {
    GatewayVariables.Now now = variables.now();
    return edit.replacements().stream()
        .map(Replacement::variable)
        .distinct()
        .allMatch(
            name ->
                servers(now, name).filter(found -> AddressMove.same(found, servers)).isPresent());
  }

  @Override
  public void changeBack(RunId run) {
    Optional<Note> noted = notes.find(run);
    if (noted.isEmpty()) {
      return;
    }
    Note note = noted.get();
    if (!note.takenBack() && inPlace(note)) {
      // From here on it is known that the server was the gateway's for a while.
      notes.write(note.back());
    }
    for (FileEdit edit : note.files()) {
      byte[] content = read(edit.file());
      String hash = Sha256.of(content);
      if (hash.equals(edit.sha256After())) {
        write(edit, edit.back(content));
      } else if (!hash.equals(edit.sha256Before()) && !leadsTo(edit, note.from())) {
        Optional<byte[]> before = Relocation.back(edit, content, variables.now());
        if (before.isEmpty()) {
          throw changedByOthers(
              edit,
              "put "
                  + String.join(", ", note.from())
                  + " back into it by hand in the place of "
                  + note.to()
                  + ", then run 'resume'");
        }
        write(edit, before);
      }
    }
    refresh.run();
  }

  @Override
  public boolean takenBack(RunId run) {
    return notes.find(run).filter(Note::takenBack).isPresent();
  }

  @Override
  public Optional<Server> replacementOf(List<Server> servers) {
    List<Note> all = notes.all();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    return look().places().stream()
        .findFirst()
        .flatMap(
            place ->
                AddressMove.follow(
                    all.stream().map(note -> new AddressMove(note.from(), note.to())).toList(),
                    servers,
                    place.servers()));
  }

  private static byte[] read(String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw failed(file, "read", e);
    }
  }

  private static void write(FileEdit edit, Optional<byte[]> content) {
    try {
      FileReplacement.write(
          Path.of(edit.file()),
          content.orElseThrow(() -> new IllegalStateException("the hash was compared")));
    } catch (IOException e) {
      throw failed(edit.file(), "written", e);
    }
  }

  private static DeployException.StepFailed changedByOthers(FileEdit edit, String next) {
    String lines =
        String.join(
            ", ", edit.replacements().stream().map(r -> Integer.toString(r.line())).toList());
    return new DeployException.StepFailed(
        edit.file()
            + " was changed by somebody else during the run, where the database's address is"
            + " (line "
            + lines
            + ")",
        next);
  }

  private static DeployException.StepFailed failed(String file, String verb, IOException e) {
    return new DeployException.StepFailed(
        Problem.of(
            file + " cannot be " + verb + ": " + IoFailure.describe(e),
            "check that it exists and that this user may read and write it, then run 'resume'"),
        e);
  }
}
