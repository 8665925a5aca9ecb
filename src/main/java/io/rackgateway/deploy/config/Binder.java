package io.rackgateway.deploy.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the tree of a file into the records of the configuration. */
final class Binder {

  private final SectionRules rules;
  private final ScalarBinder scalars;
  private final Findings findings;

  Binder(SectionRules rules, ScalarBinder scalars, Findings findings) {
    this.rules = rules;
    this.scalars = scalars;
    this.findings = findings;
  }

  /** The section's record, or null with findings that say why there is none. */
  @Nullable Record bind(Section section, Yaml yaml, String path) {
    if (!(yaml instanceof Yaml.Mapping mapping)) {
      findings.add(
          yaml.place(),
          Section.name(path) + " is " + yaml.describe() + "; expected keys with values",
          "its keys are "
              + String.join(", ", section.names())
              + (section.defaultsSuffice() ? "; write {} to take all their defaults" : ""));
      return null;
    }
    int before = findings.count();
    rules.check(section, mapping, path);
    List<@Nullable Object> values = new ArrayList<>();
    for (Property property : section.properties()) {
      values.add(value(property, mapping, Section.path(path, property.name())));
    }
    return findings.count() > before ? null : section.create(values);
  }

  private @Nullable Object value(Property property, Yaml.Mapping mapping, String path) {
    Yaml.Entry entry = mapping.find(property.name()).orElse(null);
    if (entry != null) {
      return value(property.shape(), entry.value(), path);
    }
    Yaml standing = defaultOf(property, path);
    return standing == null ? null : value(property.shape(), standing, path);
  }

  /** The tree of the default, or null for none. */
  static @Nullable Yaml defaultOf(Property property, String path) {
    String text = property.key().orElse();
    return text.isEmpty()
        ? null
        : YamlReader.option("the default of " + path, text, new Findings());
  }

  private @Nullable Object value(Property.Shape shape, Yaml yaml, String path) {
    if (shape instanceof Property.Nested nested) {
      return bind(nested.section(), yaml, path);
    } else if (shape instanceof Property.ListOf list) {
      return list(list, yaml, path);
    } else if (shape instanceof Property.ListOfSections list) {
      return sections(list, yaml, path);
    } else if (shape instanceof Property.MapOf map) {
      return map(map, yaml, path);
    }
    return scalars.bind(((Property.One) shape).type(), yaml, path);
  }

  private @Nullable List<Object> list(Property.ListOf shape, Yaml yaml, String path) {
    return items(
        yaml,
        path,
        shape.type().label(),
        "[first, second], or one item a line after '- '",
        shape.min(),
        (item, at) -> scalars.bind(shape.type(), item, at));
  }

  private @Nullable List<Object> sections(Property.ListOfSections shape, Yaml yaml, String path) {
    return items(
        yaml,
        path,
        "sections",
        "one section after each '- '",
        shape.min(),
        (item, at) -> bind(shape.section(), item, at));
  }

  /** Binds one item of a list. */
  private interface ItemBinder {
    @Nullable Object bind(Yaml item, String path);
  }

  private @Nullable List<Object> items(
      Yaml yaml, String path, String of, String form, int min, ItemBinder binder) {
    if (!(yaml instanceof Yaml.Sequence sequence)) {
      findings.add(
          yaml.place(),
          path + " is " + yaml.describe() + "; expected a list of " + of,
          "write it as a list: " + form);
      return null;
    }
    if (sequence.items().size() < min) {
      findings.add(
          yaml.place(),
          path + " is an empty list; expected at least one item",
          "add an item, or remove the key if it may be left out");
    }
    List<Object> values = new ArrayList<>();
    int index = 0;
    for (Yaml item : sequence.items()) {
      Object value = binder.bind(item, path + "[" + index++ + "]");
      if (value != null) {
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  private @Nullable Map<String, Object> map(Property.MapOf shape, Yaml yaml, String path) {
    if (!(yaml instanceof Yaml.Mapping mapping)) {
      findings.add(
          yaml.place(),
          path + " is " + yaml.describe() + "; expected names with values",
          "write one 'NAME: ${NAME}' a line below it");
      return null;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Yaml.Entry entry : mapping.entries()) {
      if (!entry.key().matches(shape.names().pattern())) {
        findings.add(
            entry.place(),
            "'" + entry.key() + "' in " + path + " cannot be the name of " + shape.names().what(),
            shape.names().next());
      }
      Object value = scalars.bind(shape.type(), entry.value(), Section.path(path, entry.key()));
      if (value != null) {
        values.put(entry.key(), value);
      }
    }
    return Collections.unmodifiableMap(values);
  }
}
