package io.rackgateway.deploy.backup.pgdump;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code pg_restore --list} tells of an archive. Objects are known again by their numbers:
 * names may hold spaces, which the listing does not tell from those between its columns.
 */
final class Listing implements Consumer<String> {

  /** {@code 215; 1259 16385 TABLE public users owner}. */
  private static final Pattern ENTRY = Pattern.compile("\\d+; (\\d+) (\\d+) (.*)");

  private final List<String> lines = new ArrayList<>();
  private final Map<String, String> definitions = new HashMap<>();
  private final Set<Long> rows = new HashSet<>();

  @Override
  public void accept(String line) {
    Matcher entry = ENTRY.matcher(line);
    if (!entry.matches()) {
      return;
    }
    lines.add(line);
    String what = entry.group(3);
    if (what.startsWith("TABLE DATA ")) {
      rows.add(Long.valueOf(entry.group(2)));
    } else if (!entry.group(1).equals("0")) {
      definitions.put(entry.group(1) + " " + entry.group(2), what);
    }
  }

  /** What the archive lacks, or has from another owner. */
  List<String> missing(List<Catalogue.Entry> catalogue) {
    List<String> missing = new ArrayList<>();
    for (Catalogue.Entry entry : catalogue) {
      String found = definitions.get(entry.catalogue() + " " + entry.oid());
      if (found == null) {
        missing.add(entry.name());
      } else if (entry.rows() && !rows.contains(entry.oid())) {
        missing.add("the rows of " + entry.name());
      } else if (!ownedBy(entry.owner(), found)) {
        missing.add("the owner '" + entry.owner() + "' of " + entry.name());
      }
    }
    return missing;
  }

  private static boolean ownedBy(@Nullable String owner, String found) {
    // The listing has spaces in place of line breaks.
    return owner == null || found.endsWith(" " + owner.replaceAll("[\\r\\n]", " "));
  }

  /** Schemas and who may use them, which everything else is made in. */
  List<String> schemas() {
    return lines(what -> what.startsWith("SCHEMA - ") || what.startsWith("ACL - SCHEMA "));
  }

  /** All that {@link #schemas} does not have. */
  List<String> others() {
    return lines(what -> !what.startsWith("SCHEMA - ") && !what.startsWith("ACL - SCHEMA "));
  }

  List<String> sequenceValues() {
    return lines(what -> what.startsWith("SEQUENCE SET "));
  }

  private List<String> lines(Predicate<String> wanted) {
    return lines.stream()
        .filter(
            line -> {
              Matcher entry = ENTRY.matcher(line);
              return entry.matches() && wanted.test(entry.group(3));
            })
        .toList();
  }
}
