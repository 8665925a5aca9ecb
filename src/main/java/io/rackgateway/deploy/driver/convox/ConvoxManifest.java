package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.manifest.ComposeFile;
import io.rackgateway.deploy.manifest.Setting;
import io.rackgateway.deploy.model.DeployException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A {@code convox.yml}: what it says of its services. As in a Compose file, services stand under
 * {@code services} and name their image under {@code image}.
 */
final class ConvoxManifest {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}");

  /** What Convox does where the manifest says nothing. */
  private static final int DEFAULT_MINIMUM = 50;

  private final String name;
  private final byte[] bytes;
  private final ComposeFile file;
  private final Map<?, ?> services;

  private ConvoxManifest(String name, byte[] bytes, ComposeFile file, Map<?, ?> services) {
    this.name = name;
    this.bytes = bytes.clone();
    this.file = file;
    this.services = services;
  }

  /**
   * Reads a manifest.
   *
   * @param name how messages call it
   * @throws DeployException.Usage if it is not YAML
   */
  static ConvoxManifest parse(String name, byte[] bytes) {
    // Refuses what is no sensible YAML before anything is built from it.
    ComposeFile file = ComposeFile.parse(name, bytes);
    Object root =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(new String(bytes, StandardCharsets.UTF_8));
    Object services = root instanceof Map<?, ?> map ? map.get("services") : null;
    return new ConvoxManifest(
        name, bytes, file, services instanceof Map<?, ?> map ? map : Map.of());
  }

  static ConvoxManifest parse(String name, String text) {
    return parse(name, text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return bytes.clone();
  }

  Set<String> services() {
    return file.services();
  }

  /**
   * Makes sure that the service is there and runs an image.
   *
   * @throws DeployException.Usage if not
   */
  void require(String service) {
    if (!services.containsKey(service)) {
      throw new DeployException.Usage(
          "there is no service '"
              + service
              + "' in "
              + name
              + "; its services are "
              + String.join(", ", new TreeSet<>(services())),
          "set deploy.convox.service to the service that runs the gateway");
    }
    if (image(service).isEmpty()) {
      throw new DeployException.Usage(
          "service '"
              + service
              + "' in "
              + name
              + " is built from source and names no image, so that there is no version to change",
          "give it 'image: docker.io/docspringcom/rack-gateway:TAG' instead of 'build:'");
    }
  }

  /** Where the service's image stands; empty when it names none. */
  Optional<Setting> image(String service) {
    return file.image(service);
  }

  /** The image that the service gets with these variables; empty when it names none. */
  Optional<String> image(String service, Map<String, String> variables) {
    return image(service).map(setting -> interpolate(setting.text(), variables));
  }

  /** The variable that the image's tag is made of; empty when it is written out. */
  static Optional<String> variable(String text) {
    Matcher matcher = VARIABLE.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** As Convox does: a variable that is not set is nothing. */
  static String interpolate(String text, Map<String, String> variables) {
    return VARIABLE
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(variables.getOrDefault(match.group(1), "")));
  }

  /** The services that are built from source: those without an image, by name. */
  List<BuiltService> built() {
    return services.entrySet().stream()
        .filter(entry -> !map(entry.getValue()).containsKey("image"))
        .map(
            entry ->
                BuiltService.of(String.valueOf(entry.getKey()), map(entry.getValue()).get("build")))
        .sorted(Comparator.comparing(BuiltService::name))
        .toList();
  }

  /** Whether the rack looks at the service's health; it does where it has a port. */
  boolean healthCheck(String service) {
    Map<?, ?> map = map(services.get(service));
    return map.containsKey("health") || map.containsKey("port") || map.containsKey("ports");
  }

  /** The least number of copies that the manifest asks for. */
  int count(String service) {
    Object scale = map(services.get(service)).get("scale");
    Object count = scale instanceof Map<?, ?> map ? map.get("count") : scale;
    if (count instanceof Number number) {
      return number.intValue();
    }
    if (count instanceof Map<?, ?> range && range.get("min") instanceof Number number) {
      return number.intValue();
    }
    Matcher range = Pattern.compile("^(\\d{1,6})").matcher(String.valueOf(count));
    return range.find() ? Integer.parseInt(range.group(1)) : 1;
  }

  /** Percent of the copies that keep running during a rollout. */
  int minimum(String service) {
    Map<?, ?> map = map(services.get(service));
    Object minimum = map(map.get("deployment")).get("minimum");
    if (minimum instanceof Number number) {
      return number.intValue();
    }
    boolean alone =
        Boolean.TRUE.equals(map.get("singleton")) || Boolean.TRUE.equals(map.get("agent"));
    return alone ? 0 : DEFAULT_MINIMUM;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
