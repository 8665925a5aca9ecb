package io.rackgateway.deploy.backup.pgdump;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code pg_restore --list} tells of an archive. Tables are known again by their object ids:
 * names may hold spaces, which the listing does not tell from those between its columns.
 */
final class Listing implements Consumer<String> {

  /** {@code 215; 1259 16385 TABLE public users owner}. */
  private static final Pattern ENTRY =
      Pattern.compile("\\d+; (\\d+) (\\d+) (TABLE DATA|TABLE|SEQUENCE SET|SEQUENCE) .*");

  private final Set<Long> definitions = new HashSet<>();
  private final Set<Long> rows = new HashSet<>();

  @Override
  public void accept(String line) {
    Matcher entry = ENTRY.matcher(line);
    if (!entry.matches()) {
      return;
    }
    long oid = Long.parseLong(entry.group(2));
    switch (entry.group(3)) {
      case "TABLE", "SEQUENCE" -> definitions.add(oid);
      case "TABLE DATA" -> rows.add(oid);
      default -> {
        // The value of a sequence: pg_dump writes one with each sequence.
      }
    }
  }

  /** The names of those relations that the archive lacks, or whose rows it lacks. */
  List<String> missing(Map<Long, SourceDatabase.Relation> relations) {
    List<String> missing = new ArrayList<>();
    relations.forEach(
        (oid, relation) -> {
          if (!definitions.contains(oid)) {
            missing.add(relation.name());
          } else if (relation.rows() && !rows.contains(oid)) {
            missing.add("the rows of " + relation.name());
          }
        });
    return missing;
  }
}
