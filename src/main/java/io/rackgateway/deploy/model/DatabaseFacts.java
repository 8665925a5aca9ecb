package io.rackgateway.deploy.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a database held at one snapshot: enough to tell whether a copy of it is whole.
 *
 * @param serverMajor the server's major version
 * @param serverVersion the server's version as it tells it: {@code 15.18}
 * @param bytes the size of the database's files
 * @param tables every table that holds rows of its own, by qualified name, sorted
 * @param sequences every sequence with its value, sorted by name
 * @param objects everything else that users made, a line each, such as {@code trigger refuse on
 *     audit.audit_event}, sorted; what extensions bring along is not among them
 * @param extensions the extensions installed, with their versions, sorted
 * @param roles the roles that own something or were granted something, sorted
 * @param auditHead the newest link of the audit chain, null where there is none
 * @param takenAt when the snapshot was taken, by the server's clock
 */
public record DatabaseFacts(
    int serverMajor,
    String serverVersion,
    long bytes,
    List<Rows> tables,
    List<SequenceValue> sequences,
    List<String> objects,
    List<Extension> extensions,
    List<String> roles,
    @Nullable AuditHead auditHead,
    Instant takenAt) {

  /** A table and how many rows it holds. */
  public record Rows(String table, long rows) {}

  /**
   * A sequence.
   *
   * @param value the last value it gave, null when it gave none yet
   */
  public record SequenceValue(String sequence, @Nullable Long value) {}

  /** An installed extension. */
  public record Extension(String name, String version) {}

  /**
   * The newest row of {@code audit.audit_event}.
   *
   * @param position its place in the chain: {@code chain_index} where the table has one, else its
   *     primary key
   * @param hash its {@code event_hash} in lower-case hex, null where the table has none
   */
  public record AuditHead(long position, @Nullable String hash) {}

  public DatabaseFacts {
    tables = List.copyOf(tables);
    sequences = List.copyOf(sequences);
    objects = List.copyOf(objects);
    extensions = List.copyOf(extensions);
    roles = List.copyOf(roles);
  }

  /** All rows together. */
  public long rows() {
    return tables.stream().mapToLong(Rows::rows).sum();
  }

  /**
   * What a copy lacks, has too much of or has otherwise, a readable line each; empty when it is
   * whole. Versions of the server and of extensions, sizes and roles may differ. A sequence may be
   * ahead: PostgreSQL keeps sequences out of snapshots, so that a copy of a database at work has
   * them as they were a moment later.
   */
  public List<String> differences(DatabaseFacts copy) {
    List<String> differences = new ArrayList<>();
    Map<String, Long> found = new HashMap<>();
    copy.tables.forEach(table -> found.put(table.table(), table.rows()));
    for (Rows table : tables) {
      Long rows = found.remove(table.table());
      if (rows == null) {
        differences.add("table " + table.table() + " is missing");
      } else if (rows != table.rows()) {
        differences.add("table " + table.table() + " has " + rows + " rows, not " + table.rows());
      }
    }
    found.keySet().stream().sorted().forEach(t -> differences.add("table " + t + " is too many"));
    lines(differences, "", new ArrayList<>(objects), copy.objects);
    sequenceDifferences(differences, copy);
    lines(
        differences,
        "extension ",
        extensions.stream().map(Extension::name).toList(),
        copy.extensions.stream().map(Extension::name).toList());
    if (auditHead != null && !auditHead.equals(copy.auditHead)) {
      differences.add("the audit chain ends at " + copy.auditHead + ", not at " + auditHead);
    }
    return differences;
  }

  private void sequenceDifferences(List<String> differences, DatabaseFacts copy) {
    lines(
        differences,
        "sequence ",
        sequences.stream().map(SequenceValue::sequence).toList(),
        copy.sequences.stream().map(SequenceValue::sequence).toList());
    Map<String, Long> found = new HashMap<>();
    for (SequenceValue sequence : copy.sequences) {
      Long value = sequence.value();
      if (value != null) {
        found.put(sequence.sequence(), value);
      }
    }
    Set<String> there =
        copy.sequences.stream().map(SequenceValue::sequence).collect(Collectors.toSet());
    for (SequenceValue sequence : sequences) {
      Long value = sequence.value();
      Long now = found.get(sequence.sequence());
      if (value != null && there.contains(sequence.sequence()) && (now == null || now < value)) {
        differences.add("sequence " + sequence.sequence() + " is at " + now + ", not at " + value);
      }
    }
  }

  private static void lines(
      List<String> differences, String kind, List<String> expected, List<String> found) {
    Set<String> wanted = new HashSet<>(expected);
    Set<String> there = new HashSet<>(found);
    expected.stream()
        .filter(line -> !there.contains(line))
        .forEach(line -> differences.add(kind + line + " is missing"));
    found.stream()
        .filter(line -> !wanted.contains(line))
        .forEach(line -> differences.add(kind + line + " is too many"));
  }

  /** {@code 12 tables, 1000042 rows}. */
  public String summary() {
    return tables.size() + " tables, " + rows() + " rows";
  }

  /** The names of the extensions: {@code pgcrypto, plpgsql}. */
  public String extensionNames() {
    return extensions.stream().map(Extension::name).collect(Collectors.joining(", "));
  }
}
