package io.rackgateway.deploy.event;

import com.fasterxml.jackson.databind.PropertyNamingStrategy;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import io.rackgateway.deploy.model.SchemaState;
import java.time.Duration;

/**
 * Puts the unit into the names of durations: {@code duration} becomes {@code durationMillis}. A
 * plan's schema of the database is told apart from the schema number of the JSON form.
 */
final class FieldNames extends PropertyNamingStrategy {

  @Override
  public String nameForField(MapperConfig<?> config, AnnotatedField field, String name) {
    return name(field.getRawType(), name);
  }

  @Override
  public String nameForGetterMethod(MapperConfig<?> config, AnnotatedMethod method, String name) {
    return name(method.getRawReturnType(), name);
  }

  @Override
  public String nameForConstructorParameter(
      MapperConfig<?> config, AnnotatedParameter parameter, String name) {
    return name(parameter.getRawType(), name);
  }

  private static String name(Class<?> type, String name) {
    if (type == SchemaState.class) {
      return "databaseSchema";
    }
    return type == Duration.class ? name + "Millis" : name;
  }
}
