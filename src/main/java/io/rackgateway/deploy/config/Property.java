package io.rackgateway.deploy.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One key of a section.
 *
 * @param nullable whether it may be left out without a default
 */
record Property(String name, Key key, Shape shape, boolean nullable) {

  /** How the value is laid out. */
  sealed interface Shape {}

  /** A value, or several of the same type. */
  sealed interface Values extends Shape {
    ScalarType type();
  }

  record One(ScalarType type) implements Values {}

  record ListOf(ScalarType type, int min) implements Values {}

  record MapOf(ScalarType type, Key.Names names) implements Values {}

  record Nested(Section section) implements Shape {}

  record ListOfSections(Section section, int min) implements Shape {}

  static Property of(RecordComponent component) {
    Key key = component.getAnnotation(Key.class);
    if (key == null) {
      throw new IllegalStateException(component + " has no @Key");
    }
    return new Property(
        key.name().isEmpty() ? component.getName() : key.name(),
        key,
        shape(component.getGenericType(), key),
        component.getAnnotatedType().isAnnotationPresent(Nullable.class));
  }

  boolean required() {
    return !nullable && key.orElse().isEmpty();
  }

  private static Shape shape(Type type, Key key) {
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == List.class) {
        Class<?> item = (Class<?>) generic.getActualTypeArguments()[0];
        return isSection(item)
            ? new ListOfSections(Section.of(item.asSubclass(Record.class)), key.min())
            : new ListOf(scalar(item, key), key.min());
      }
      if (generic.getRawType() == Map.class) {
        return new MapOf(scalar((Class<?>) generic.getActualTypeArguments()[1], key), key.names());
      }
    }
    Class<?> plain = (Class<?>) type;
    if (isSection(plain)) {
      return new Nested(Section.of(plain.asSubclass(Record.class)));
    }
    return new One(scalar(plain, key));
  }

  private static boolean isSection(Class<?> type) {
    return type.isRecord() && type != Secret.class && type != Percentage.class;
  }

  private static ScalarType scalar(Class<?> type, Key key) {
    if (type == String.class) {
      return new TextType(key);
    } else if (type == int.class || type == Integer.class) {
      return new IntegerType(key.min(), key.max());
    } else if (type == boolean.class) {
      return new BooleanType();
    } else if (type.isEnum()) {
      return new EnumType(type, Arrays.asList(key.except()));
    } else if (type == Duration.class) {
      return new DurationType(key.min() == 0);
    } else if (type == Percentage.class) {
      return new PercentageType();
    } else if (type == Path.class) {
      return new PathType();
    } else if (type == URI.class) {
      return new UriType(key);
    } else if (type == Secret.class) {
      return new SecretType(key.form());
    }
    throw new IllegalStateException("no configuration type for " + type);
  }
}
