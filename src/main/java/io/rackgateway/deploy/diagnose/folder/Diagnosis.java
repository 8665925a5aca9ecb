package io.rackgateway.deploy.diagnose.folder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a gateway: what {@code diagnose --json} prints.
 *
 * @param schema the version of this form
 * @param folder where it was written
 * @param guess what is wrong, one sentence, as far as can be told
 * @param findings all that seems wrong, the likeliest cause first; empty where nothing does
 * @param parts what was looked at
 */
public record Diagnosis(
    int schema,
    String gateway,
    Instant createdAt,
    String folder,
    String page,
    String guess,
    List<String> findings,
    List<Looked> parts) {

  /** The version of the JSON form; it grows when a reader of the old form would be misled. */
  public static final int SCHEMA = 1;

  public Diagnosis {
    findings = List.copyOf(findings);
    parts = List.copyOf(parts);
  }

  /**
   * A part of it.
   *
   * @param file its file in the folder; null where there is none
   * @param problem why it could not be found out; null when it was
   */
  public record Looked(
      String name,
      String title,
      Duration duration,
      @Nullable String file,
      @Nullable String problem) {}
}
