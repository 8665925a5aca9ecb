package io.rackgateway.deploy.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What must hold of the keys of a section, whatever their values are. */
final class SectionRules {

  private final Section whole;
  private final Findings findings;

  SectionRules(Section whole, Findings findings) {
    this.whole = whole;
    this.findings = findings;
  }

  void check(Section section, Yaml.Mapping mapping, String path) {
    for (Yaml.Entry entry : mapping.entries()) {
      section
          .find(entry.key())
          .ifPresentOrElse(
              property -> checkNeeds(property, entry, mapping, path),
              () -> unknown(section, entry, path));
    }
    for (Property property : section.properties()) {
      if (property.required() && !mapping.has(property.name())) {
        findings.add(
            mapping.place(),
            Section.path(path, property.name()) + " is missing",
            "add '"
                + property.name()
                + "' to "
                + Section.name(path)
                + ": "
                + property.key().value());
      }
    }
    if (section.oneOf() != null) {
      checkOneOf(section.oneOf(), mapping, path);
    }
  }

  private void checkNeeds(Property property, Yaml.Entry entry, Yaml.Mapping mapping, String path) {
    for (String needed : property.key().needs()) {
      if (!mapping.has(needed)) {
        findings.add(
            entry.place(),
            Section.path(path, property.name())
                + " needs "
                + Section.path(path, needed)
                + " beside it, which is missing",
            "add '" + needed + "', or remove '" + property.name() + "'");
      }
    }
  }

  private void unknown(Section section, Yaml.Entry entry, String path) {
    String message = "unknown key '" + entry.key() + "' in " + Section.name(path);
    Optional<String> near = Nearest.of(entry.key(), section.names());
    String elsewhere = near.isPresent() ? "" : elsewhere(entry.key());
    findings.add(
        entry.place(),
        near.map(name -> message + "; did you mean '" + name + "'?").orElse(message + elsewhere),
        "the keys of " + Section.name(path) + " are " + String.join(", ", section.names()));
  }

  /** Where else a key of this name would stand. */
  private String elsewhere(String key) {
    Collection<String> paths = new TreeSet<>();
    collect(whole, "", key, paths);
    return paths.isEmpty() ? "" : "; did you mean " + String.join(" or ", paths) + "?";
  }

  private static void collect(Section section, String path, String key, Collection<String> paths) {
    for (Property property : section.properties()) {
      String here = Section.path(path, property.name());
      if (property.name().equals(key)) {
        paths.add(here);
      }
      if (property.shape() instanceof Property.Nested nested) {
        collect(nested.section(), here, key, paths);
      } else if (property.shape() instanceof Property.ListOfSections list) {
        collect(list.section(), here + "[]", key, paths);
      }
    }
  }

  private void checkOneOf(OneOf oneOf, Yaml.Mapping mapping, String path) {
    List<Yaml.Entry> given = new ArrayList<>();
    for (String key : oneOf.value()) {
      mapping.find(key).ifPresent(given::add);
    }
    if (given.isEmpty()) {
      findings.add(
          mapping.place(),
          "no " + oneOf.noun() + " in " + path + "; expected exactly one of " + listed(oneOf),
          "add one of " + listed(oneOf));
    } else if (given.size() > 1) {
      Yaml.Entry second = given.get(1);
      findings.add(
          second.place(),
          (given.size() == 2 ? "two " : given.size() + " ")
              + oneOf.noun()
              + "s in "
              + path
              + ": "
              + String.join(" and ", given.stream().map(Yaml.Entry::key).toList())
              + "; keep exactly one",
          "remove all but one of them");
    }
  }

  private static String listed(OneOf oneOf) {
    return String.join(", ", Arrays.asList(oneOf.value()));
  }
}
