package io.rackgateway.deploy.backup.pgdump;

import io.rackgateway.deploy.process.CommandResult;

/** The reason that a client program gave for its failure. */
final class Reason {

  private static final String ERROR = "error: ";

  private Reason() {}

  /** Its first error; what follows is often a consequence. */
  static String of(CommandResult result) {
    return result.tail().stream()
        .filter(line -> line.contains(ERROR) && !line.contains("transaction_timeout"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(ERROR) + ERROR.length()).strip())
        .orElseGet(result::reason);
  }
}
