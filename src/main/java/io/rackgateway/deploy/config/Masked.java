package io.rackgateway.deploy.config;

import io.rackgateway.deploy.event.Secrets;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text form of a section, without the values that may hold a secret. */
final class Masked {

  private Masked() {}

  static String toString(Record section) {
    return Arrays.stream(section.getClass().getRecordComponents())
        .map(component -> component.getName() + "=" + shown(section, component))
        .collect(Collectors.joining(", ", section.getClass().getSimpleName() + "[", "]"));
  }

  private static @Nullable Object shown(Record section, RecordComponent component) {
    Object value;
    try {
      value = component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
    boolean hidden =
        Property.of(component).shape() instanceof Property.Values values && values.type().masked();
    return hidden && value != null ? Secrets.MASK : value;
  }
}
