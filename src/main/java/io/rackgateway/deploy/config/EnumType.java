package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One of a few words, written in lower case with dashes. */
record EnumType(Class<?> type, List<String> except) implements ScalarType {

  @Override
  public String label() {
    return String.join(", ", words());
  }

  @Override
  public String expected() {
    return "one of " + label();
  }

  @Override
  public Kind kind() {
    return Kind.TEXT;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    if (words().contains(text)) {
      for (Object constant : constants()) {
        if (word(constant).equals(text)) {
          return constant;
        }
      }
    }
    if (except.contains(text)) {
      throw new Misfit(expected() + ", because " + text + " is not possible here");
    }
    throw new Misfit(Nearest.hint(text, words(), expected()));
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("enum", words());
  }

  private List<String> words() {
    return constants().stream().map(EnumType::word).filter(word -> !except.contains(word)).toList();
  }

  private List<Object> constants() {
    return Arrays.asList((Object[]) type.getEnumConstants());
  }

  private static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
