package io.rackgateway.deploy.config;

import io.rackgateway.deploy.event.Secrets;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole configuration as it counts, defaults included, in the form of its file: secrets are
 * masked, and so is every value of a mapping, such as a header.
 */
final class MaskedText {

  private final List<String> lines = new ArrayList<>();

  private MaskedText() {}

  static String of(Record section) {
    MaskedText text = new MaskedText();
    text.section(section, "");
    return String.join("\n", text.lines);
  }

  private void section(Record section, String indent) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      Property property = Property.of(component);
      property(property.name(), value(section, component), indent);
    }
  }

  private void property(String name, @Nullable Object value, String indent) {
    if (value == null) {
      return;
    }
    if (value instanceof Map<?, ?> map) {
      lines.add(indent + name + ":" + (map.isEmpty() ? " {}" : ""));
      map.keySet().forEach(key -> lines.add(indent + "  " + key + ": " + Secrets.MASK));
    } else if (value instanceof List<?> list) {
      lines.add(indent + name + ":" + (list.isEmpty() ? " []" : ""));
      list.forEach(item -> item(item, indent + "  "));
    } else if (isSection(value)) {
      lines.add(indent + name + ":");
      section((Record) value, indent + "  ");
    } else {
      lines.add(indent + name + ": " + scalar(value));
    }
  }

  private void item(Object item, String indent) {
    if (!isSection(item)) {
      lines.add(indent + "- " + scalar(item));
      return;
    }
    int first = lines.size();
    section((Record) item, indent + "  ");
    if (lines.size() > first) {
      lines.set(first, indent + "- " + lines.get(first).strip());
    }
  }

  private static boolean isSection(Object value) {
    return value instanceof Record && !(value instanceof Secret || value instanceof Percentage);
  }

  private static String scalar(Object value) {
    if (value instanceof Duration duration) {
      return duration.toMillis() % 1_000 == 0
          ? duration.toSeconds() + "s"
          : duration.toMillis() + "ms";
    }
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    return value.toString();
  }

  private static @Nullable Object value(Record section, RecordComponent component) {
    try {
      return component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
