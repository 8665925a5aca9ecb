package io.rackgateway.deploy.restore.delta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rackgateway.deploy.restore.delta.TableShape.Column;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table in which the two sides differ, one JSON object a line, compressed. Every
 * value is a JSON text that holds what PostgreSQL writes for it, so that nothing is rounded; but
 * {@code json} and {@code jsonb} are JSON themselves, and null is null. {@code
 * json_populate_record} reads it.
 */
final class TableFile implements AutoCloseable {

  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private final MessageDigest digest;
  private @Nullable JsonGenerator json;

  /** The file is made when the first row is written. */
  TableFile(Path file) {
    this.file = file;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  boolean empty() {
    return json == null;
  }

  String name() {
    return String.valueOf(file.getFileName());
  }

  /** The checksum of the closed file, lower-case hex. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Writes a line.
   *
   * @param operation what the live side did: {@code insert}, {@code update}, {@code delete}, {@code
   *     columns}
   * @param key the key columns; empty when the table has no key
   * @param live the live row, null when it is gone
   * @param columns which of its columns
   * @param backup the backup's row, null when it has none
   */
  void write(
      String operation,
      Collection<String> key,
      @Nullable Rows live,
      Collection<String> columns,
      @Nullable Rows backup)
      throws IOException {
    JsonGenerator line = open();
    line.writeStartObject();
    line.writeStringField("op", operation);
    Rows any = live == null ? backup : live;
    if (!key.isEmpty() && any != null) {
      object(line, "key", any, key);
    }
    if (live != null) {
      object(line, "row", live, columns);
    }
    if (backup != null) {
      object(line, "backup", backup, backup.table().columns().stream().map(Column::name).toList());
    }
    line.writeEndObject();
    line.writeRaw('\n');
  }

  private static void object(JsonGenerator line, String name, Rows row, Collection<String> columns)
      throws IOException {
    line.writeObjectFieldStart(name);
    for (String column : columns) {
      line.writeFieldName(column);
      String value = row.get(column);
      if (value == null) {
        line.writeNull();
      } else if (row.table().column(column).filter(Column::json).isPresent()) {
        // A line break can stand between a JSON value's parts only, where a blank does as well.
        line.writeRawValue(value.replace('\n', ' ').replace('\r', ' '));
      } else {
        line.writeString(value);
      }
    }
    line.writeEndObject();
  }

  private JsonGenerator open() throws IOException {
    JsonGenerator opened = json;
    if (opened == null) {
      opened =
          JSON.createGenerator(
              new OutputStreamWriter(
                  new GZIPOutputStream(
                      new DigestOutputStream(Files.newOutputStream(file), digest), 1 << 16),
                  StandardCharsets.UTF_8));
      opened.setRootValueSeparator(null);
      json = opened;
    }
    return opened;
  }

  @Override
  public void close() throws IOException {
    JsonGenerator opened = json;
    if (opened != null) {
      opened.close();
    }
  }
}
