package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Text, perhaps of a certain form. */
record TextType(Key key) implements ScalarType {

  @Override
  public String label() {
    return key.form() == Key.Form.REGEX ? "regular expression" : "text";
  }

  @Override
  public String expected() {
    return key.expected().isEmpty() ? label() : key.expected();
  }

  @Override
  public Kind kind() {
    return Kind.TEXT;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    return switch (key.form()) {
      case REGEX -> regex(text);
      case JOURNAL -> JournalUrl.resolve(matching(key, text), folder);
      case PLAIN, POSTGRESQL -> matching(key, text);
    };
  }

  private static String regex(String text) throws Misfit {
    try {
      return Pattern.compile(text).pattern();
    } catch (PatternSyntaxException e) {
      throw new Misfit(
          "a regular expression of Java, but there is an error at its character "
              + (e.getIndex() + 1)
              + ": "
              + e.getDescription());
    }
  }

  /** The text, if it is what the key's pattern asks for. */
  static String matching(Key key, String text) throws Misfit {
    // In Java, a final $ also fits before a line break at the end, unlike in ECMAScript.
    String pattern = key.pattern().replaceFirst("\\$$", "\\\\z");
    if (!Pattern.compile(pattern).matcher(text).find()) {
      throw new Misfit(key.expected());
    }
    return text;
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = SchemaGenerator.object("$ref", "#/$defs/text");
    if (!key.pattern().isEmpty()) {
      schema.put("pattern", key.pattern());
    }
    return schema;
  }

  @Override
  public boolean masked() {
    return !key.shown();
  }
}
