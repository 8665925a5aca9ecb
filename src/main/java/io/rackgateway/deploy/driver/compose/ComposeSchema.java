package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.time.Duration;
import java.util.List;

/**
 * Reads {@code public.schema_migrations} with {@code psql} in the container of the database, whose
 * image says by {@code POSTGRES_USER} and {@code POSTGRES_DB} who asks what.
 */
final class ComposeSchema {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final String QUERY =
      "exec psql -X -q -A -t -v ON_ERROR_STOP=1 -U \"${POSTGRES_USER:-postgres}\""
          + " -d \"${POSTGRES_DB:-${POSTGRES_USER:-postgres}}\""
          + " -c 'SELECT version FROM public.schema_migrations ORDER BY version COLLATE \"C\"'";

  private final Compose compose;
  private final Commands commands;
  private final String service;

  ComposeSchema(Compose compose, Commands commands, String service) {
    this.compose = compose;
    this.commands = commands;
    this.service = service;
  }

  SchemaState read() {
    try {
      Command command =
          compose.command("exec", "-T", service, "sh", "-c", QUERY).withTimeout(TIMEOUT);
      CommandResult result = commands.run(command);
      if (!result.succeeded()) {
        return unknown(result.reason());
      }
      List<String> versions =
          result.output().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
      return SchemaState.of(versions);
    } catch (DeployException e) {
      return unknown(e.problem().summary());
    }
  }

  private SchemaState unknown(String reason) {
    return SchemaState.unknown("service " + service + " was asked: " + reason);
  }
}
