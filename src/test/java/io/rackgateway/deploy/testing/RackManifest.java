package io.rackgateway.deploy.testing;

import io.rackgateway.deploy.testing.ConvoxRackStandIn.Release;
import io.rackgateway.deploy.testing.RackApp.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** How a rack reads a {@code convox.yml} and an environment. */
final class RackManifest {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*?)\\}");

  private RackManifest() {}

  /** A variable has no default, and is empty when nothing sets it. */
  private static String interpolated(Release release) {
    Map<String, String> env = environment(release.env());
    return VARIABLE
        .matcher(release.manifest())
        .replaceAll(found -> Matcher.quoteReplacement(env.getOrDefault(found.group(1), "")));
  }

  static Map<String, String> environment(String text) {
    Map<String, String> env = new TreeMap<>();
    text.lines()
        .filter(line -> line.indexOf('=') > 0)
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              env.put(line.substring(0, equals).strip(), line.substring(equals + 1));
            });
    return env;
  }

  /** What a rack calls a change of the environment. */
  static String difference(String before, String after) {
    Map<String, String> from = environment(before);
    Map<String, String> to = environment(after);
    List<String> words = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (String key : to.keySet()) {
      if (!from.containsKey(key)) {
        words.add("add:" + key);
      } else if (!from.get(key).equals(to.get(key))) {
        changed.add("change:" + key);
      }
    }
    words.addAll(changed);
    from.keySet().stream()
        .filter(key -> !to.containsKey(key))
        .forEach(key -> words.add("remove:" + key));
    return String.join(" ", words);
  }

  static Map<?, ?> section(Release release, String key) {
    try {
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(interpolated(release));
      return root instanceof Map<?, ?> map && map.get(key) instanceof Map<?, ?> found
          ? found
          : Map.of();
    } catch (YAMLException e) {
      throw new Refusal(500, "yaml: " + String.valueOf(e.getMessage()).replace("\n", " "));
    }
  }

  static Map<String, Map<?, ?>> services(Release release) {
    Map<String, Map<?, ?>> services = new LinkedHashMap<>();
    section(release, "services")
        .forEach(
            (service, value) ->
                services.put(
                    String.valueOf(service), value instanceof Map<?, ?> map ? map : Map.of()));
    return services;
  }

  /** How many processes of a service there are to be, at least. */
  static int minimum(Release release, String service) {
    Object scale = services(release).getOrDefault(service, Map.of()).get("scale");
    Object count = scale instanceof Map<?, ?> map ? map.get("count") : scale;
    if (count instanceof Map<?, ?> range) {
      count = range.get("min");
    }
    return count == null ? 1 : Integer.parseInt(String.valueOf(count).replaceFirst("-.*", ""));
  }

  /** The tag of a service's image, or empty. */
  static String version(Release release, String service) {
    Object image = services(release).getOrDefault(service, Map.of()).get("image");
    String text = String.valueOf(image);
    int colon = text.lastIndexOf(':');
    return image == null || colon < text.lastIndexOf('/') ? "" : text.substring(colon + 1);
  }

  /** A file of a build's archive. */
  static String unpack(byte @Nullable [] archive, String file) throws IOException {
    if (archive == null) {
      throw new IOException("unknown source type");
    }
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().replaceFirst("^\\./", "").equals(file)) {
          return new String(tar.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    }
    throw new IOException("open " + file + ": no such file or directory");
  }

  /** All files of a build's archive. */
  static Map<String, String> files(byte[] archive) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (!entry.isDirectory()) {
          String text = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
          files.put(entry.getName(), entry.isSymbolicLink() ? entry.getLinkName() : text);
        }
      }
    }
    return files;
  }
}
