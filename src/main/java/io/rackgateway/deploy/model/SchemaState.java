package io.rackgateway.deploy.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which migrations the gateway's database holds.
 *
 * @param applied versions in {@code schema_migrations}, ascending; empty when unknown
 * @param unknown why it could not be read, or null when it could
 */
public record SchemaState(List<String> applied, @Nullable String unknown) {

  public SchemaState {
    applied = List.copyOf(applied);
  }

  public static SchemaState of(List<String> applied) {
    return new SchemaState(applied, null);
  }

  public static SchemaState unknown(String reason) {
    return new SchemaState(List.of(), reason);
  }

  public boolean known() {
    return unknown == null;
  }

  /** One phrase for people: {@code 12 migrations, newest 20250102030405}. */
  public String summary() {
    if (unknown != null) {
      return "unknown (" + unknown + ")";
    }
    if (applied.isEmpty()) {
      return "no migrations applied";
    }
    return applied.size() + " migrations, newest " + applied.get(applied.size() - 1);
  }
}
