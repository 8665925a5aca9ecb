package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

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

  /**
   * The variables that lead to the gateway's database: the one that it uses, then the admin's, then
   * others of the application's that lead to the same servers.
   *
   * @param values a variable's value, where it is set
   * @param changeable whether a variable is kept where it could be changed
   */
  public List<String> leading(
      Function<String, Optional<String>> values, Predicate<String> changeable) {
    List<String> set = application.stream().filter(name -> values.apply(name).isPresent()).toList();
    if (set.isEmpty()) {
      return List.of();
    }
    List<String> leading = new ArrayList<>(List.of(set.get(0)));
    admin.stream().filter(changeable).findFirst().ifPresent(leading::add);
    Optional<List<Server>> used = servers(values, set.get(0));
    set.stream()
        .skip(1)
        .filter(changeable)
        .filter(name -> used.isPresent() && servers(values, name).equals(used))
        .forEach(leading::add);
    return leading;
  }

  private static Optional<List<Server>> servers(
      Function<String, Optional<String>> values, String name) {
    return values.apply(name).flatMap(UrlHosts::in).map(UrlHosts::servers);
  }
}
