package io.rackgateway.deploy.migration;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells how many rows tables of the gateway's database have. */
@FunctionalInterface
public interface TableSizes {

  /**
   * The sizes of tables and materialized views. Never throws: what cannot be found out is unknown,
   * with the reason.
   *
   * @param tables as they would stand in SQL: {@code audit.audit_event}, quoted where need be
   * @param enough from how many rows on it does not matter how many there are exactly
   * @return one for each of the names
   */
  Map<String, TableSize> of(Set<String> tables, long enough);

  /** Where there is no database to ask. */
  static TableSizes unknown(String reason) {
    return (tables, enough) ->
        tables.stream()
            .collect(Collectors.toMap(Function.identity(), name -> TableSize.unknown(reason)));
  }
}
