package io.rackgateway.deploy.backup.convox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an export as it comes by and finds out whether it is whole. A rack answers an export with
 * success before it begins, writes what {@code pg_dump} complains of between the SQL, and ends a
 * failed one with a line of its own (convox/convox, {@code provider/k8s/resource.go}): so the end
 * must be {@code pg_dump}'s own, no complaint may stand between the statements, and each row must
 * have as many columns as its table. Needs little memory, however long lines are.
 */
final class PlainDump {

  private static final String END = "-- PostgreSQL database dump complete";
  private static final String RACK_ERROR = "ERROR: could not export";
  private static final Pattern COMPLAINT =
      Pattern.compile("(?:pg_dump|pg_restore|psql): (?:warning|error|detail|hint): .*");
  private static final Pattern COPY =
      Pattern.compile("COPY (\\S+(?: \\S+)*?) (?:\\((.*)\\) )? ?FROM stdin;");
  private static final int KEPT = 1 << 16;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable String table;
  private int columns;
  private long tabs;
  private long length;
  private long rows;
  private boolean ended;
  private @Nullable String problem;

  void accept(byte[] bytes, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (bytes[i] == '\n') {
        endLine();
      } else {
        length++;
        if (bytes[i] == '\t') {
          tabs++;
        }
        if (line.size() < KEPT) {
          line.write(bytes[i]);
        }
      }
    }
  }

  /** The rows that were in it. */
  long rows() {
    return rows;
  }

  /** Why it is not a whole export; empty when it is. */
  Optional<String> obstacle() {
    if (length > 0) {
      endLine();
    }
    if (problem != null) {
      return Optional.of(problem);
    }
    return ended ? Optional.empty() : Optional.of("it ends before pg_dump's last line");
  }

  private void endLine() {
    // Rows need no text: most of an export would be decoded for nothing.
    boolean lastRow = length == 2 && line.toString(StandardCharsets.UTF_8).equals("\\.");
    if (table != null && !lastRow) {
      row();
    } else if (table != null) {
      table = null;
    } else {
      statement(line.toString(StandardCharsets.UTF_8));
    }
    line.reset();
    length = 0;
    tabs = 0;
  }

  private void row() {
    rows++;
    boolean fits = columns == 0 ? length == 0 : tabs == columns - 1;
    if (!fits) {
      String text = line.toString(StandardCharsets.UTF_8);
      Matcher complaint = COMPLAINT.matcher(text);
      report(
          complaint.find()
              ? "it holds a complaint between the rows of " + table + ": " + complaint.group()
              : "a row of " + table + " is damaged");
    }
  }

  private void statement(String text) {
    Matcher copy = COPY.matcher(text);
    if (copy.matches()) {
      table = copy.group(1);
      columns = columns(copy.group(2));
    } else if (text.startsWith(RACK_ERROR)) {
      report("the rack says: " + text);
    } else if (text.startsWith(END)) {
      ended = true;
    } else {
      Matcher complaint = COMPLAINT.matcher(text);
      if (complaint.find()) {
        report(complaint.group());
      }
    }
  }

  private void report(String found) {
    if (problem == null) {
      problem = found.length() > 300 ? found.substring(0, 300) : found;
    }
  }

  private static int columns(@Nullable String list) {
    if (list == null || list.isEmpty()) {
      return 0;
    }
    int count = 1;
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char character = list.charAt(i);
      if (character == '"') {
        quoted = !quoted;
      } else if (character == ',' && !quoted) {
        count++;
      }
    }
    return count;
  }
}
