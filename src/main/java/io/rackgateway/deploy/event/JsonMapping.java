package io.rackgateway.deploy.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.rackgateway.deploy.model.Version;
import java.io.IOException;
import java.time.Duration;

/** How the model's records, which know nothing of JSON, become JSON. */
final class JsonMapping {

  private JsonMapping() {}

  static ObjectMapper mapper(Secrets secrets) {
    SimpleModule values = new SimpleModule("values");
    values.addSerializer(Version.class, ToStringSerializer.instance);
    values.addDeserializer(Version.class, new VersionReader());
    values.addSerializer(Duration.class, new MillisWriter());
    values.addDeserializer(Duration.class, new MillisReader());
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .addModule(values)
        .annotationIntrospector(new RecordIntrospector(secrets))
        .propertyNamingStrategy(new FieldNames())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
  }

  private static final class VersionReader extends StdDeserializer<Version> {
    VersionReader() {
      super(Version.class);
    }

    @Override
    public Version deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text = parser.getValueAsString("");
      return Version.tryParse(text)
          .orElseThrow(() -> MismatchedInputException.from(parser, Version.class, "not a version"));
    }
  }

  private static final class MillisWriter extends StdSerializer<Duration> {
    MillisWriter() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeNumber(value.toMillis());
    }
  }

  private static final class MillisReader extends StdDeserializer<Duration> {
    MillisReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.currentToken().isNumeric()) {
        throw MismatchedInputException.from(parser, Duration.class, "not a number");
      }
      return Duration.ofMillis(parser.getLongValue());
    }
  }
}
