package io.rackgateway.deploy.scratch;

import io.rackgateway.deploy.model.DatabaseFacts;
import java.util.List;

/**
 * What a copy of a database needs.
 *
 * @param serverMajor the oldest major version of a server that can hold it
 * @param bytes the size of the source's files
 * @param extensions by name
 * @param roles that own something in it or were granted something
 */
public record Need(int serverMajor, long bytes, List<String> extensions, List<String> roles) {

  public Need {
    extensions = List.copyOf(extensions);
    roles = List.copyOf(roles);
  }

  /** What a copy of this database needs. */
  public static Need of(DatabaseFacts facts) {
    return new Need(
        facts.serverMajor(),
        facts.bytes(),
        facts.extensions().stream().map(DatabaseFacts.Extension::name).toList(),
        facts.roles());
  }

  /** The roles that a server does not bring along itself. */
  List<String> ownRoles() {
    return roles.stream().filter(role -> !role.startsWith("pg_")).toList();
  }
}
