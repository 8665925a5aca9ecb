package io.rackgateway.deploy.demo;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The gateway's two kinds of log lines: those of Go's {@code log} package on standard error, and
 * audit records, one JSON object a line, on standard output.
 */
final class StandInLog {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");

  private final PrintStream out;
  private final PrintStream err;

  StandInLog(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  void line(String text) {
    write(err, TIME.format(LocalDateTime.now(ZoneId.systemDefault())) + " " + text);
  }

  void audit(String user, String action, String resource, int status, long millis) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ts", Instant.now().toString());
    fields.put("user_email", user);
    fields.put("action_type", "http");
    fields.put("action", action);
    fields.put("resource", resource);
    fields.put("status", status < 400 ? "success" : "failed");
    fields.put("rbac_decision", status == 401 ? "deny" : "allow");
    fields.put("http_status", status);
    fields.put("latency_ms", millis);
    write(out, json(fields));
  }

  /** In one write, so that lines of the two streams do not mix where they go to one file. */
  private static synchronized void write(PrintStream stream, String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    stream.write(bytes, 0, bytes.length);
    stream.flush();
  }

  /** A JSON object of texts, numbers and nested objects. */
  static String json(Map<String, ?> fields) {
    StringBuilder text = new StringBuilder("{");
    fields.forEach(
        (name, value) -> {
          text.append(text.length() > 1 ? "," : "").append(quote(name)).append(':');
          if (value instanceof Number) {
            text.append(value);
          } else if (value instanceof RawJson raw) {
            text.append(raw.text());
          } else {
            text.append(quote(value.toString()));
          }
        });
    return text.append('}').toString();
  }

  /** A value that is JSON already. */
  record RawJson(String text) {}

  private static String quote(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      if (character == '"' || character == '\\') {
        text.append('\\').append(character);
      } else if (character < ' ') {
        text.append(String.format("\\u%04x", (int) character));
      } else {
        text.append(character);
      }
    }
    return text.append('"').toString();
  }
}
