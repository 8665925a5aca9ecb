package io.rackgateway.deploy.release.environment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Which variables a Convox manifest requires: entries of {@code environment} without a default, of
 * the application and of the services that the gateway runs. See
 * https://docs.convox.com/configuration/environment-variables.
 */
final class ManifestEnvironment {

  private static final int LARGEST = 1 << 20;
  private static final int DEEPEST = 30;
  private static final int MOST_ALIASES = 50;

  /** Where a manifest has a gateway, it is these services of upstream's that run it. */
  private static final List<String> SERVICES = List.of("gateway", "admin");

  private static final String EVERYTHING = "*";
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,199}");

  private ManifestEnvironment() {}

  /** The text is no manifest that can be understood; the message says why, without its values. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private Malformed(String message) {
      super(message);
    }
  }

  /** The names of the variables that have to be set. */
  static Set<String> required(String manifest) throws Malformed {
    Map<?, ?> root = mapping(load(manifest), "the manifest");
    Map<String, Boolean> shared = entries(root.get("environment"), "environment");
    Map<?, ?> services = mapping(root.get("services"), "services");
    Set<String> required = new TreeSet<>();
    boolean any = false;
    for (Map.Entry<?, ?> service : services.entrySet()) {
      String name = String.valueOf(service.getKey());
      if (services.containsKey(SERVICES.get(0)) && !SERVICES.contains(name)) {
        continue;
      }
      any = true;
      String place = "services." + (NAME.matcher(name).matches() ? name : "?");
      Map<String, Boolean> effective = new TreeMap<>(shared);
      Map<?, ?> body = mapping(service.getValue(), place);
      effective.putAll(entries(body.get("environment"), place + ".environment"));
      addRequired(effective, required);
    }
    if (!any) {
      addRequired(shared, required);
    }
    return required;
  }

  private static void addRequired(Map<String, Boolean> entries, Set<String> required) {
    entries.forEach(
        (name, hasDefault) -> {
          if (!hasDefault) {
            required.add(name);
          }
        });
  }

  private static @Nullable Object load(String manifest) throws Malformed {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(LARGEST);
    limits.setNestingDepthLimit(DEEPEST);
    limits.setMaxAliasesForCollections(MOST_ALIASES);
    limits.setAllowRecursiveKeys(false);
    limits.setAllowDuplicateKeys(false);
    try {
      return new Yaml(new SafeConstructor(limits)).load(manifest);
    } catch (MarkedYAMLException e) {
      throw new Malformed(
          e.getProblemMark() == null
              ? "it is no valid YAML"
              : "it is no valid YAML in line " + (e.getProblemMark().getLine() + 1));
    } catch (YAMLException e) {
      throw new Malformed("it is no YAML that may be read");
    }
  }

  private static Map<?, ?> mapping(@Nullable Object value, String place) throws Malformed {
    if (value == null && !place.equals("the manifest")) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> mapping) {
      return mapping;
    }
    throw new Malformed(place + " is no mapping");
  }

  /** Names, each with whether it has a default. */
  private static Map<String, Boolean> entries(@Nullable Object value, String place)
      throws Malformed {
    Map<String, Boolean> entries = new TreeMap<>();
    if (value instanceof Map<?, ?> mapping) {
      for (Map.Entry<?, ?> entry : mapping.entrySet()) {
        put(entries, String.valueOf(entry.getKey()), entry.getValue() != null, place);
      }
    } else if (value instanceof List<?> list) {
      for (Object item : list) {
        // A list in a list is how an anchored list is taken into another.
        for (Object entry : item instanceof List<?> inner ? inner : List.of(text(item, place))) {
          String written = text(entry, place);
          int equals = written.indexOf('=');
          put(entries, equals < 0 ? written : written.substring(0, equals), equals >= 0, place);
        }
      }
    } else if (value != null) {
      throw new Malformed(place + " is neither a list nor a mapping");
    }
    return entries;
  }

  private static String text(@Nullable Object entry, String place) throws Malformed {
    if (entry instanceof String text) {
      return text;
    }
    throw new Malformed(place + " has an entry that is no text");
  }

  private static void put(
      Map<String, Boolean> entries, String written, boolean hasDefault, String place)
      throws Malformed {
    String name = written.strip();
    if (name.equals(EVERYTHING)) {
      return;
    }
    if (!NAME.matcher(name).matches()) {
      throw new Malformed(place + " has an entry that does not begin with a variable's name");
    }
    entries.put(name, hasDefault);
  }
}
