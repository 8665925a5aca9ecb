package io.rackgateway.deploy.event;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells Jackson about the model's records what others tell it by annotations: which components may
 * be null, which texts are masked, and that enums are written in lower case.
 */
final class RecordIntrospector extends JacksonAnnotationIntrospector {

  private static final long serialVersionUID = 1L;

  private final transient StdSerializer<String> masking;

  RecordIntrospector(Secrets secrets) {
    this.masking = new MaskingSerializer(secrets);
  }

  @Override
  public @Nullable Object findSerializer(Annotated annotated) {
    boolean text = annotated.getRawType() == String.class;
    return text && isMasked(annotated) ? masking : super.findSerializer(annotated);
  }

  @Override
  public @Nullable Object findContentSerializer(Annotated annotated) {
    boolean texts =
        Collection.class.isAssignableFrom(annotated.getRawType())
            && annotated.getType().getContentType().hasRawClass(String.class);
    return texts && isMasked(annotated) ? masking : super.findContentSerializer(annotated);
  }

  private static boolean isMasked(Annotated annotated) {
    return annotated instanceof AnnotatedMember member
        && !ExactFields.contains(member.getDeclaringClass(), member.getName());
  }

  @Override
  public JsonSetter.Value findSetterInfo(Annotated annotated) {
    if (annotated instanceof AnnotatedParameter parameter
        && parameter.getOwner().getAnnotated() instanceof Executable constructor
        && !constructor.getAnnotatedParameterTypes()[parameter.getIndex()].isAnnotationPresent(
            Nullable.class)) {
      return JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL);
    }
    return super.findSetterInfo(annotated);
  }

  @Override
  public String[] findEnumValues(
      MapperConfig<?> config, AnnotatedClass type, Enum<?>[] values, String[] names) {
    for (int i = 0; i < values.length; i++) {
      names[i] = values[i].name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    return names;
  }

  private static final class MaskingSerializer extends StdSerializer<String> {
    private final transient Secrets secrets;

    MaskingSerializer(Secrets secrets) {
      super(String.class);
      this.secrets = secrets;
    }

    @Override
    public void serialize(String value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(secrets.mask(value));
    }
  }
}
