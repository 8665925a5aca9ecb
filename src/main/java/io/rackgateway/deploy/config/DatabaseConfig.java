package io.rackgateway.deploy.config;

import java.util.List;
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
        @Nullable Secret adminUrl,
    @Key(
            value =
                "The variables from which the gateway learns where its database is; it uses the first of them that is"
                    + " set. A restore that changes the server changes them where the platform keeps them.",
            orElse = "[RGW_DATABASE_URL, GATEWAY_DATABASE_URL, DATABASE_URL]",
            min = 1,
            shown = true)
        List<String> variables,
    @Key(
            value = "The same of its migrations.",
            orElse = "[ADMIN_DATABASE_URL]",
            min = 0,
            shown = true)
        List<String> adminVariables) {

  public DatabaseConfig {
    variables = List.copyOf(variables);
    adminVariables = List.copyOf(adminVariables);
  }

  /** With the variables that the gateway reads as it comes. */
  public DatabaseConfig(Secret url, @Nullable Secret adminUrl) {
    this(
        url,
        adminUrl,
        List.of("RGW_DATABASE_URL", "GATEWAY_DATABASE_URL", "DATABASE_URL"),
        List.of("ADMIN_DATABASE_URL"));
  }

  /** The URL to dump with. */
  public Secret dumpUrl() {
    return adminUrl == null ? url : adminUrl;
  }
}
