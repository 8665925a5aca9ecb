package io.rackgateway.deploy.config;

import org.jspecify.annotations.Nullable;

/** The section {@code database}. */
public record DatabaseConfig(
    @Key(
            value =
                "postgresql://user:password@host:port/name, or the jdbc: form. Give it as ${NAME}.",
            form = Key.Form.POSTGRESQL)
        Secret url,
    @Key(
            value =
                "The same database as a user that may read and dump all of it; left out, url serves. Give it as"
                    + " ${NAME}.",
            form = Key.Form.POSTGRESQL)
        @Nullable Secret adminUrl) {

  /** The URL to dump with. */
  public Secret dumpUrl() {
    return adminUrl == null ? url : adminUrl;
  }
}
