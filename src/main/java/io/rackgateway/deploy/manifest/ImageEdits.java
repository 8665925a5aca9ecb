package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.ManifestEdit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what has to be edited so that a service of a Compose project gets another image: the
 * reference itself, wherever an anchor, an extended service or an included file puts it; the
 * variable it is made of, in the {@code .env} file; or that variable's default.
 */
public final class ImageEdits {

  private static final int DEEPEST = 16;

  private final List<Path> files;
  private final @Nullable Path envFile;
  private final Map<String, String> environment;

  /**
   * @param files the Compose files, later ones overriding earlier ones
   * @param envFile the {@code .env} file; null when there is none
   * @param environment the variables of the process, which win over the {@code .env} file
   */
  public ImageEdits(List<Path> files, @Nullable Path envFile, Map<String, String> environment) {
    this.files = List.copyOf(files);
    this.envFile = envFile;
    this.environment = Map.copyOf(environment);
  }

  /**
   * What is to be edited.
   *
   * @param edit the edit; null when nothing has to change
   * @param sharers the other services that get the new image by the same edit
   */
  public record Change(@Nullable ManifestEdit edit, List<String> sharers) {
    public Change {
      sharers = List.copyOf(sharers);
    }
  }

  /**
   * Works out the edit. Changes nothing.
   *
   * @param current what Compose says the service's image is, to be sure of understanding the same
   * @param wanted the reference it is to become
   * @throws DeployException.Usage if there is no edit of one place that does it
   */
  public Change change(String service, String current, String wanted) {
    Place place =
        place(service)
            .orElseThrow(
                () ->
                    new DeployException.Usage(
                        "service '" + service + "' has no 'image:' in " + names(files),
                        "give it one, 'image: " + wanted.replaceAll("[:@].*", "") + ":TAG'"));
    List<Part> parts = parts(place);
    String understood = join(parts);
    if (!understood.equals(current)) {
      throw new DeployException.Usage(
          where(place)
              + ": the image '"
              + place.setting().text()
              + "' reads as '"
              + understood
              + "', but Compose makes '"
              + current
              + "' of it",
          "write the image as plain text, 'image: " + current + "'");
    }
    if (current.equals(wanted)) {
      return new Change(null, List.of());
    }
    for (int i = parts.size() - 1; i >= 0; i--) {
      String before = join(parts.subList(0, i));
      String after = join(parts.subList(i + 1, parts.size()));
      if (wanted.length() >= before.length() + after.length()
          && wanted.startsWith(before)
          && wanted.endsWith(after)) {
        String value = wanted.substring(before.length(), wanted.length() - after.length());
        return edit(service, place, parts.get(i), value);
      }
    }
    throw new DeployException.Usage(
        where(place)
            + ": the image '"
            + place.setting().text()
            + "' cannot become '"
            + wanted
            + "' by changing one value",
        "write the tag as one variable or as plain text, 'image: " + current + "'");
  }

  /** Finds the value of an edit again in a file that was changed since. */
  public ManifestEdits.Locator locator(String service, ManifestEdit edit) {
    return content -> {
      int equals = edit.before().indexOf('=');
      if (equals > 0) {
        String name = edit.before().substring(0, equals).strip();
        return EnvFile.parse(content).find(name).map(EnvFile.Assignment::setting);
      }
      ComposeFile file = ComposeFile.parse(edit.file(), content);
      Optional<Setting> own = file.image(service);
      if (own.isPresent()) {
        return own;
      }
      List<Setting> same =
          file.services().stream()
              .flatMap(other -> file.image(other).stream())
              .filter(setting -> setting.text().equals(edit.after()))
              .distinct()
              .toList();
      return same.size() == 1 ? Optional.of(same.get(0)) : Optional.empty();
    };
  }

  private Change edit(String service, Place place, Part part, String value) {
    Source source = part.source();
    if (source instanceof InEnvironment variable) {
      throw new DeployException.Usage(
          "the image of service '"
              + service
              + "' comes from the variable "
              + variable.name()
              + ", which is set in the environment of this process and wins over any file",
          "unset it and put '"
              + variable.name()
              + "="
              + part.value()
              + "' into the project's .env file");
    }
    if (source instanceof InText text) {
      String old = place.setting().text();
      String edited = old.substring(0, text.start()) + value + old.substring(text.end());
      ManifestEdit edit =
          ManifestEdits.prepare(place.path(), place.file().bytes(), place.setting(), edited);
      return new Change(edit, place.file().sharing(place.service()));
    }
    InEnvFile variable = (InEnvFile) source;
    EnvFile.Assignment assignment = variable.assignment();
    if (!assignment.literal()) {
      throw new DeployException.Usage(
          envFile
              + ", line "
              + assignment.setting().line()
              + ": the value of "
              + variable.name()
              + " is made of other variables or escapes",
          "write it as plain text, '" + variable.name() + "=" + part.value() + "'");
    }
    List<String> sharers = sharers(service, variable.name(), join(parts(place)));
    ManifestEdit edit =
        ManifestEdits.prepare(
            variable.path(), variable.file().bytes(), assignment.setting(), assignment.with(value));
    return new Change(edit, sharers);
  }

  /** The services whose image is made of the variable; all must run the gateway's image. */
  private List<String> sharers(String service, String variable, String current) {
    Pattern use = Pattern.compile("\\$\\{?" + Pattern.quote(variable) + "(?![A-Za-z0-9_])");
    String repository = ImageReference.parse(current).repository();
    Set<String> names = new TreeSet<>();
    files.forEach(file -> names.addAll(load(file).services()));
    names.remove(service);
    List<String> sharers = new ArrayList<>();
    for (String name : names) {
      Optional<Place> place = place(name);
      if (place.isPresent() && use.matcher(place.get().setting().text()).find()) {
        String image = join(parts(place.get()));
        if (!image.startsWith(repository + ":") && !image.equals(repository)) {
          throw new DeployException.Usage(
              "the variable "
                  + variable
                  + " gives service '"
                  + service
                  + "' its image, but also service '"
                  + name
                  + "', which runs '"
                  + image
                  + "'",
              "give the gateway's image a variable of its own");
        }
        sharers.add(name);
      }
    }
    return sharers;
  }

  // Where an image stands

  private record Place(Path path, ComposeFile file, String service, Setting setting) {}

  private Optional<Place> place(String service) {
    for (int i = files.size() - 1; i >= 0; i--) {
      Optional<Place> place = place(files.get(i), service, 0);
      if (place.isPresent()) {
        return place;
      }
    }
    return Optional.empty();
  }

  private Optional<Place> place(Path path, String service, int depth) {
    if (depth > DEEPEST) {
      return Optional.empty();
    }
    ComposeFile file = load(path);
    Optional<Setting> own = file.image(service);
    if (own.isPresent()) {
      return Optional.of(new Place(path, file, service, own.get()));
    }
    Optional<ComposeFile.Extension> extension = file.extension(service);
    if (extension.isPresent()) {
      String other = extension.get().file();
      Path base = other == null ? path : path.resolveSibling(other);
      return place(base, extension.get().service(), depth + 1);
    }
    for (String include : file.includes()) {
      Optional<Place> place = place(path.resolveSibling(include), service, depth + 1);
      if (place.isPresent()) {
        return place;
      }
    }
    return Optional.empty();
  }

  private static ComposeFile load(Path path) {
    try {
      return ComposeFile.parse(path.toString(), Files.readAllBytes(path));
    } catch (IOException e) {
      throw new DeployException.Usage(
          path + " cannot be read (" + e.getClass().getSimpleName() + ")",
          "check that it exists and that this user may read it");
    }
  }

  // What an image is made of

  /** A piece of the reference, and where its value comes from. */
  private record Part(String value, Source source) {}

  private sealed interface Source {}

  /** Between two characters of the setting in the Compose file. */
  private record InText(int start, int end) implements Source {}

  private record InEnvironment(String name) implements Source {}

  private record InEnvFile(Path path, String name, EnvFile file, EnvFile.Assignment assignment)
      implements Source {}

  private List<Part> parts(Place place) {
    String text = place.setting().text();
    List<Part> parts = new ArrayList<>();
    if (!collect(text, 0, text.length(), parts, 0)) {
      throw new DeployException.Usage(
          where(place) + ": the image '" + text + "' uses an interpolation that cannot be edited",
          "write it as REPOSITORY:${NAME:-DEFAULT}, or as plain text");
    }
    return parts;
  }

  private boolean collect(String text, int from, int to, List<Part> parts, int depth) {
    Optional<List<Interpolation.Piece>> pieces = Interpolation.pieces(text, from, to);
    if (pieces.isEmpty() || depth > DEEPEST) {
      return false;
    }
    boolean understood = true;
    for (Interpolation.Piece piece : pieces.get()) {
      if (piece instanceof Interpolation.Literal literal) {
        int end = literal.start() + literal.text().length();
        parts.add(new Part(literal.text(), new InText(literal.start(), end)));
      } else {
        understood &= collect(text, (Interpolation.Variable) piece, parts, depth);
      }
    }
    return understood;
  }

  private boolean collect(
      String text, Interpolation.Variable variable, List<Part> parts, int depth) {
    if (variable.operator().endsWith("+")) {
      return false;
    }
    Optional<Part> set = value(variable.name());
    boolean emptyCounts = !variable.operator().startsWith(":");
    if (set.isPresent() && (emptyCounts || !set.get().value().isEmpty())) {
      parts.add(set.get());
      return true;
    }
    return !variable.operator().endsWith("?") && collectDefault(text, variable, parts, depth);
  }

  private boolean collectDefault(
      String text, Interpolation.Variable variable, List<Part> parts, int depth) {
    int start = variable.argument();
    return collect(text, start, start + variable.text().length(), parts, depth + 1);
  }

  private Optional<Part> value(String name) {
    String fromProcess = environment.get(name);
    if (fromProcess != null) {
      return Optional.of(new Part(fromProcess, new InEnvironment(name)));
    }
    if (envFile == null || !Files.isRegularFile(envFile)) {
      return Optional.empty();
    }
    Path path = envFile;
    try {
      EnvFile file = EnvFile.parse(Files.readAllBytes(path));
      return file.find(name)
          .map(found -> new Part(found.value(), new InEnvFile(path, name, file, found)));
    } catch (IOException e) {
      throw new DeployException.Usage(
          path + " cannot be read (" + e.getClass().getSimpleName() + ")",
          "check that this user may read it");
    }
  }

  private static String join(List<Part> parts) {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.value()));
    return text.toString();
  }

  private static String where(Place place) {
    return place.path() + ", line " + place.setting().line();
  }

  private static String names(List<Path> files) {
    return String.join(", ", files.stream().map(file -> file.getFileName().toString()).toList());
  }
}
