package io.rackgateway.deploy.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JSON Schema of the configuration file from the records that the parser fills. Editors
 * check and complete with it. It accepts a reference, {@code ${NAME}}, wherever the parser does.
 */
final class SchemaGenerator {

  private static final Map<String, Object> REFERENCE = Map.of("$ref", "#/$defs/reference");

  /** The schema's text, ending in a line break. */
  String generate() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "rack-gateway.yml");
    schema.put("description", "The configuration of rack-gateway-deploy.");
    schema.putAll(section(Section.of(Configuration.class), ""));
    // The one condition that spans sections.
    schema.put(
        "if",
        object(
            "properties",
            Map.of("backup", Map.of("required", List.of("pgDump"))),
            "required",
            List.of("backup")));
    schema.put("then", Map.of("required", List.of("database")));
    schema.put("$defs", definitions());
    return write(schema);
  }

  private static Map<String, Object> definitions() {
    return object(
        "text",
        object("type", "string", "minLength", 1, "not", Map.of("pattern", References.BROKEN)),
        "reference",
        object(
            "description",
            "Text with a reference to an environment variable, ${NAME}.",
            "$ref",
            "#/$defs/text",
            "pattern",
            References.REFERENCE));
  }

  private Map<String, Object> section(Section section, String path) {
    Map<String, Object> schema = object("type", "object");
    Map<String, Object> properties = new LinkedHashMap<>();
    Map<String, Object> needs = new LinkedHashMap<>();
    for (Property property : section.properties()) {
      properties.put(property.name(), property(property, Section.path(path, property.name())));
      if (property.key().needs().length > 0) {
        needs.put(property.name(), Arrays.asList(property.key().needs()));
      }
    }
    schema.put("properties", properties);
    List<String> required =
        section.properties().stream().filter(Property::required).map(Property::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (!needs.isEmpty()) {
      schema.put("dependentRequired", needs);
    }
    OneOf oneOf = section.oneOf();
    if (oneOf != null) {
      schema.put(
          "oneOf",
          Arrays.stream(oneOf.value()).map(key -> Map.of("required", List.of(key))).toList());
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private Map<String, Object> property(Property property, String path) {
    Map<String, Object> schema = object("description", property.key().value());
    schema.putAll(shape(property.shape(), path));
    Yaml standing = Binder.defaultOf(property, path);
    if (standing != null) {
      schema.put("default", plain(standing));
    }
    return schema;
  }

  private Map<String, Object> shape(Property.Shape shape, String path) {
    if (shape instanceof Property.Nested nested) {
      return section(nested.section(), path);
    } else if (shape instanceof Property.ListOf list) {
      return object("type", "array", "items", scalar(list.type()), "minItems", list.min());
    } else if (shape instanceof Property.ListOfSections list) {
      return object(
          "type", "array", "items", section(list.section(), path + "[]"), "minItems", list.min());
    } else if (shape instanceof Property.MapOf map) {
      return object(
          "type",
          "object",
          "propertyNames",
          Map.of("pattern", "^" + map.names().pattern() + "$"),
          "additionalProperties",
          scalar(map.type()));
    }
    return scalar(((Property.One) shape).type());
  }

  /** A type's own schema, or a reference in its place where that would not fit it anyway. */
  private static Map<String, Object> scalar(ScalarType type) {
    Map<String, Object> schema = type.schema();
    return schema.containsKey("$ref") && schema.size() == 1
        ? schema
        : object("anyOf", List.of(schema, REFERENCE));
  }

  private static @Nullable Object plain(Yaml yaml) {
    if (yaml instanceof Yaml.Mapping mapping) {
      Map<String, Object> plain = new LinkedHashMap<>();
      mapping.entries().forEach(entry -> plain.put(entry.key(), plain(entry.value())));
      return plain;
    } else if (yaml instanceof Yaml.Sequence sequence) {
      List<@Nullable Object> plain = new ArrayList<>();
      sequence.items().forEach(item -> plain.add(plain(item)));
      return plain;
    }
    Yaml.Scalar scalar = (Yaml.Scalar) yaml;
    return switch (scalar.kind()) {
      case INTEGER -> Integer.valueOf(scalar.text());
      case BOOLEAN -> Boolean.valueOf(scalar.text());
      case TEXT, DECIMAL, NOTHING -> scalar.text();
    };
  }

  /**
   * A mapping in the order of its arguments, so that each run gives the same text: key, value, key,
   * value.
   */
  static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int index = 0; index < keysAndValues.length; index += 2) {
      object.put((String) keysAndValues[index], keysAndValues[index + 1]);
    }
    return object;
  }

  private static String write(Map<String, Object> schema) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the schema cannot be written", e);
    }
  }
}
