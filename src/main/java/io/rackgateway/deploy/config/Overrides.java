package io.rackgateway.deploy.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Puts values from the command line, {@code --set a.b=c}, over those of the file. */
final class Overrides {

  private final Findings findings;

  Overrides(Findings findings) {
    this.findings = findings;
  }

  /** The file with the overrides in it, each at the place of its option. */
  Yaml.Mapping apply(Yaml.Mapping file, Map<String, String> overrides) {
    Yaml.Mapping root = file;
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      String option = "--set " + override.getKey();
      List<String> keys = Arrays.asList(override.getKey().split("\\.", -1));
      if (keys.contains("")) {
        findings.add(
            Place.option(option),
            "'" + override.getKey() + "' is not a path of keys",
            "write it as in --set deploy.compose.service=gateway");
        continue;
      }
      Yaml value = YamlReader.option(option, override.getValue(), findings);
      if (value != null) {
        root = put(root, keys, value);
      }
    }
    return root;
  }

  private Yaml.Mapping put(Yaml.Mapping mapping, List<String> keys, Yaml value) {
    String key = keys.get(0);
    if (keys.size() == 1) {
      return mapping.with(new Yaml.Entry(value.place(), key, value));
    }
    Yaml.Entry below = mapping.find(key).orElse(null);
    Yaml.Mapping inner =
        below != null && below.value() instanceof Yaml.Mapping existing
            ? existing
            : new Yaml.Mapping(value.place(), List.of());
    return mapping.with(
        new Yaml.Entry(
            below == null ? value.place() : below.place(),
            key,
            put(inner, keys.subList(1, keys.size()), value)));
  }
}
