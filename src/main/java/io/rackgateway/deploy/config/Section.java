package io.rackgateway.deploy.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A section of the configuration as its record describes it.
 *
 * @param oneOf null where any of the keys may stand together
 */
record Section(Class<? extends Record> type, List<Property> properties, @Nullable OneOf oneOf) {

  static Section of(Class<? extends Record> type) {
    return new Section(
        type,
        Arrays.stream(type.getRecordComponents()).map(Property::of).toList(),
        type.getAnnotation(OneOf.class));
  }

  Optional<Property> find(String name) {
    return properties.stream().filter(property -> property.name().equals(name)).findFirst();
  }

  List<String> names() {
    return properties.stream().map(Property::name).toList();
  }

  /** Whether the section may be there without any key in it. */
  boolean defaultsSuffice() {
    return oneOf == null && properties.stream().noneMatch(Property::required);
  }

  /** Makes the record of its values, in the order of the properties. */
  Record create(List<@Nullable Object> values) {
    try {
      Constructor<? extends Record> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class<?>[]::new));
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " refuses validated values", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  /** The path of a key within a section, {@code deploy.compose}, empty for the whole file. */
  static String path(String section, String key) {
    return section.isEmpty() ? key : section + "." + key;
  }

  /** The section's name in a sentence. */
  static String name(String path) {
    return path.isEmpty() ? "this file" : path;
  }
}
