package io.rackgateway.deploy.manifest;

import java.util.List;

/**
 * The variables from which the gateway learns where its database is.
 *
 * @param application the first of these that is set is what the gateway uses
 * @param admin the first of these that is set is what its migrations use
 */
public record DatabaseVariables(List<String> application, List<String> admin) {

  /** As the gateway reads them. */
  public static final DatabaseVariables USUAL =
      new DatabaseVariables(
          List.of("RGW_DATABASE_URL", "GATEWAY_DATABASE_URL", "DATABASE_URL"),
          List.of("ADMIN_DATABASE_URL"));

  public DatabaseVariables {
    application = List.copyOf(application);
    admin = List.copyOf(admin);
  }
}
