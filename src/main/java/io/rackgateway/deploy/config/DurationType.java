package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole number of milliseconds, seconds, minutes or hours. */
record DurationType(boolean zero) implements ScalarType {

  /** Six digits: enough for any use, too few to overflow. */
  private static final Pattern GRAMMAR =
      Pattern.compile("(?<number>0|[1-9][0-9]{0,5})(?<unit>ms|s|m|h)");

  @Override
  public String label() {
    return "duration";
  }

  @Override
  public String expected() {
    return "a duration such as 100ms, 10s, 5m or 2h" + (zero ? "" : ", longer than zero");
  }

  @Override
  public Kind kind() {
    return Kind.TEXT;
  }

  @Override
  public Object parse(String text, Path folder) throws Misfit {
    Matcher matcher = GRAMMAR.matcher(text);
    if (!matcher.matches()) {
      throw new Misfit(expected());
    }
    long number = Long.parseLong(matcher.group("number"));
    Duration duration =
        switch (matcher.group("unit")) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
    if (duration.isZero() && !zero) {
      throw new Misfit(expected());
    }
    return duration;
  }

  @Override
  public Map<String, Object> schema() {
    String number = zero ? "(0|[1-9][0-9]{0,5})" : "[1-9][0-9]{0,5}";
    return SchemaGenerator.object("type", "string", "pattern", "^" + number + "(ms|s|m|h)$");
  }
}
