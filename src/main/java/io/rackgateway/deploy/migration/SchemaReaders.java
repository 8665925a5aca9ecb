package io.rackgateway.deploy.migration;

import io.rackgateway.deploy.model.SchemaState;

/** Ways to read the schema, joined. */
public final class SchemaReaders {

  private SchemaReaders() {}

  /** Asks the second where the first does not know; if neither does, both say why. */
  public static SchemaReader inTurn(SchemaReader first, SchemaReader second) {
    return () -> {
      SchemaState state = first.read();
      String reason = state.unknown();
      if (reason == null) {
        return state;
      }
      SchemaState other = second.read();
      return other.known() ? other : SchemaState.unknown(reason + "; " + other.unknown());
    };
  }
}
