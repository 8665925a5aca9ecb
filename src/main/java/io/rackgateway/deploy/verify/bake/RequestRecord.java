package io.rackgateway.deploy.verify.bake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one line of the gateway's log tells of a request. The gateway writes two kinds, each one
 * line of JSON: of every request but those for its health a line with {@code method}, {@code path}
 * and a numeric {@code status}, and of what is audited besides a record with {@code action_type}
 * and {@code http_status}. An audited request has both.
 *
 * @param audit whether it is an audit record
 * @param path what was asked for; empty where it is not told
 * @param status the HTTP status that it got
 * @param latency how long the answer took in milliseconds; -1 where that is not known
 * @param at when; null where it is not told
 */
record RequestRecord(boolean audit, String path, int status, long latency, @Nullable Instant at) {

  private static final JsonFactory JSON = new JsonFactory();

  /** The latency of a connection that changed to another protocol is how long it was used. */
  private static final int SWITCHING_PROTOCOLS = 101;

  /** The request that a line tells of, perhaps behind what a platform puts before each line. */
  static Optional<RequestRecord> find(String line) {
    int brace = line.indexOf('{');
    if (brace < 0 || line.indexOf("status\":", brace) < 0) {
      return Optional.empty();
    }
    try (JsonParser parser = JSON.createParser(line.substring(brace))) {
      return new Fields().read(parser);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  boolean serverError() {
    return status >= 500;
  }

  private static final class Fields {
    private boolean audit;
    private boolean request;
    private String path = "";
    private int status;
    private int httpStatus;
    private long latency = -1;
    private @Nullable String at;

    Optional<RequestRecord> read(JsonParser parser) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        take(parser, name, value);
        parser.skipChildren();
      }
      int told = audit ? httpStatus : status;
      if (!(audit || request) || told < 100 || told > 599) {
        return Optional.empty();
      }
      return Optional.of(
          new RequestRecord(
              audit, path, told, told == SWITCHING_PROTOCOLS ? -1 : latency, instant()));
    }

    private void take(JsonParser parser, String name, JsonToken value) throws IOException {
      boolean number = value == JsonToken.VALUE_NUMBER_INT;
      switch (name) {
        case "action_type" -> audit = true;
        case "method" -> request = true;
        case "path" -> path = parser.getText();
        case "ts" -> at = parser.getText();
        case "status" -> status = number ? parser.getIntValue() : 0;
        case "http_status" -> httpStatus = number ? parser.getIntValue() : 0;
        case "latency_ms" ->
            latency = value.isNumeric() ? Math.max(-1, Math.round(parser.getDoubleValue())) : -1;
        default -> {
          // Not needed.
        }
      }
    }

    private @Nullable Instant instant() {
      try {
        return at == null ? null : Instant.parse(at);
      } catch (DateTimeException e) {
        return null;
      }
    }
  }
}
