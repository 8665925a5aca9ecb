package io.rackgateway.deploy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the tables of all keys for the documentation, one table a section. */
final class ReferenceGenerator {

  /** Markdown, a heading and a table for each section. */
  String generate() {
    StringBuilder markdown = new StringBuilder();
    section(Section.of(Configuration.class), "", markdown);
    return markdown.toString();
  }

  private void section(Section section, String path, StringBuilder markdown) {
    markdown.append("### ").append(path.isEmpty() ? "The file" : "`" + path + "`").append("\n\n");
    OneOf oneOf = section.oneOf();
    if (oneOf != null) {
      markdown
          .append("Exactly one ")
          .append(oneOf.noun())
          .append(": `")
          .append(String.join("`, `", oneOf.value()))
          .append("`.\n\n");
    }
    markdown.append("| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
    List<Property> nested = new ArrayList<>();
    for (Property property : section.properties()) {
      row(property, markdown);
      if (below(property.shape()) != null) {
        nested.add(property);
      }
    }
    markdown.append('\n');
    for (Property property : nested) {
      boolean several = property.shape() instanceof Property.ListOfSections;
      section(
          Objects.requireNonNull(below(property.shape())),
          Section.path(path, property.name()) + (several ? "[]" : ""),
          markdown);
    }
  }

  /** The section below a key; null where there is none. */
  private static @Nullable Section below(Property.Shape shape) {
    if (shape instanceof Property.Nested nested) {
      return nested.section();
    }
    return shape instanceof Property.ListOfSections list ? list.section() : null;
  }

  private static void row(Property property, StringBuilder markdown) {
    String standing = property.key().orElse();
    if (standing.startsWith("'")) {
      standing = standing.substring(1, standing.length() - 1);
    }
    markdown
        .append("| `")
        .append(property.name())
        .append("` | ")
        .append(type(property.shape()))
        .append(" | ")
        .append(
            property.required()
                ? "**required**"
                : standing.isEmpty() ? "" : "`" + cell(standing) + "`")
        .append(" | ")
        .append(cell(property.key().value()))
        .append(" |\n");
  }

  private static String type(Property.Shape shape) {
    if (shape instanceof Property.Nested) {
      return "section";
    } else if (shape instanceof Property.ListOfSections) {
      return "list of sections";
    } else if (shape instanceof Property.ListOf list) {
      return "list of " + list.type().label();
    } else if (shape instanceof Property.MapOf map) {
      return "names with " + map.type().label();
    }
    ScalarType type = ((Property.One) shape).type();
    return type instanceof EnumType ? "`" + type.label().replace(", ", "`, `") + "`" : type.label();
  }

  /** A vertical bar would end the cell, an angle bracket would begin HTML. */
  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
  }
}
