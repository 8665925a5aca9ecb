package io.rackgateway.deploy.backup.convox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * What a rack is sent to import. The rack hands it to {@code psql} as it is, which without more
 * would go on after each error and report success (convox/convox, {@code
 * provider/k8s/resource.go}). So the first error ends it, and all of it is one transaction that
 * first removes what is there: the resource holds all of the backup, or what it held before. Where
 * the connection breaks off, the end is missing and nothing is committed.
 */
final class ImportBody extends RequestBody {

  private static final String BEGIN =
      """
      \\set ON_ERROR_STOP on
      BEGIN;
      DO $rack_gateway$
      DECLARE found record;
      BEGIN
        FOR found IN
          SELECT nspname FROM pg_catalog.pg_namespace
          WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
        LOOP
          EXECUTE pg_catalog.format('DROP SCHEMA %I CASCADE', found.nspname);
        END LOOP;
      END
      $rack_gateway$;
      CREATE SCHEMA public;
      """;

  private static final String END = "\nCOMMIT;\n";

  private final Path dump;

  ImportBody(Path dump) {
    this.dump = dump;
  }

  @Override
  public @Nullable MediaType contentType() {
    return MediaType.get("application/octet-stream");
  }

  /** Begins a transaction, so it must not be sent twice by itself. */
  @Override
  public boolean isOneShot() {
    return true;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    sink.writeString(BEGIN, StandardCharsets.UTF_8);
    try (Source content = Okio.source(dump)) {
      sink.writeAll(content);
    }
    sink.writeString(END, StandardCharsets.UTF_8);
  }
}
