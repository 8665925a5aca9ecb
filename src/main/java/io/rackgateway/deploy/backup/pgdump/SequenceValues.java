package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.model.DatabaseFacts;
import io.rackgateway.deploy.model.DatabaseFacts.SequenceValue;
import io.rackgateway.deploy.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values of sequences that an archive holds. PostgreSQL keeps sequences out of transactions, so
 * a database that is in use has other ones when they are dumped than at the snapshot.
 */
final class SequenceValues {

  /** {@code SELECT pg_catalog.setval('public.users_id_seq', 5000, true);}. */
  private static final Pattern SET =
      Pattern.compile("SELECT pg_catalog\\.setval\\(E?'(.*)', (-?\\d+), (true|false)\\);");

  private final PgPrograms programs;

  SequenceValues(PgPrograms programs) {
    this.programs = programs;
  }

  /**
   * The facts with the values that the archive holds.
   *
   * @param list a file to write, which is removed again
   */
  DatabaseFacts in(
      Path data, Listing listing, DatabaseFacts facts, Path list, Consumer<CommandResult> failed)
      throws IOException {
    if (facts.sequences().isEmpty()) {
      return facts;
    }
    Files.write(list, listing.sequenceValues());
    Map<String, @Nullable Long> values = new HashMap<>();
    try {
      CommandResult result =
          programs.run(
              List.of("pg_restore", "--use-list=" + list, "--file=-", data.toString()),
              line -> {
                Matcher set = SET.matcher(line);
                if (set.matches()) {
                  values.put(
                      set.group(1).replace("''", "'").replace("\\\\", "\\"),
                      set.group(3).equals("true") ? Long.valueOf(set.group(2)) : null);
                }
              });
      if (!result.succeeded()) {
        failed.accept(result);
      }
    } finally {
      Files.deleteIfExists(list);
    }
    List<SequenceValue> dumped =
        facts.sequences().stream()
            .map(
                sequence ->
                    values.containsKey(sequence.sequence())
                        ? new SequenceValue(sequence.sequence(), values.get(sequence.sequence()))
                        : sequence)
            .toList();
    return new DatabaseFacts(
        facts.serverMajor(),
        facts.serverVersion(),
        facts.bytes(),
        facts.tables(),
        dumped,
        facts.objects(),
        facts.extensions(),
        facts.roles(),
        facts.auditHead(),
        facts.takenAt());
  }
}
