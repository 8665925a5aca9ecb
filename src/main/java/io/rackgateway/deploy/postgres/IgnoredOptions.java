package io.rackgateway.deploy.postgres;

import java.util.Set;

/**
 * Parameters that database URLs carry for the sake of one client library: they tune it, and mean
 * nothing for a dump or a look at the schema.
 */
final class IgnoredOptions {

  private static final Set<String> NAMES =
      Set.of(
          // libpq
          "fallback_application_name",
          "keepalives",
          "keepalives_idle",
          "keepalives_interval",
          "keepalives_count",
          "tcp_user_timeout",
          "load_balance_hosts",
          "sslcompression",
          "sslsni",
          // settings of a session, which pgx takes from the URL
          "search_path",
          "timezone",
          "TimeZone",
          "statement_timeout",
          "lock_timeout",
          "idle_in_transaction_session_timeout",
          // pgx
          "default_query_exec_mode",
          "statement_cache_capacity",
          "description_cache_capacity",
          // Prisma, Rails and others
          "schema",
          "pgbouncer",
          "connection_limit",
          "pool",
          "prepared_statements",
          // JDBC
          "currentSchema",
          "loginTimeout",
          "socketTimeout",
          "tcpKeepAlive",
          "prepareThreshold",
          "preparedStatementCacheQueries",
          "reWriteBatchedInserts",
          "stringtype",
          "autosave");

  private IgnoredOptions() {}

  static boolean contains(String name) {
    return NAMES.contains(name) || name.startsWith("pool_");
  }
}
