package io.rackgateway.deploy.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stand-in's migrations, run as the gateway runs its own: each in one transaction, in order,
 * under one advisory lock. A release holds the first so many of them; those after the sixth add one
 * column each.
 */
final class StandInMigrations {

  private static final long LOCK = 728443218;
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
  private static final LocalDateTime FIRST = LocalDateTime.of(2025, 1, 6, 9, 30, 0);

  /** The restricted role, where the database has it, may read and write but not change tables. */
  private static final String GRANTS =
      """
      DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rack_gateway_app') THEN
          GRANT USAGE ON SCHEMA public TO rack_gateway_app;
          GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO rack_gateway_app;
          REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM rack_gateway_app;
          GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO rack_gateway_app;
          IF to_regclass('audit.audit_event') IS NOT NULL THEN
            GRANT USAGE ON SCHEMA audit TO rack_gateway_app;
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA audit TO rack_gateway_app;
            GRANT SELECT, INSERT ON audit.audit_event TO rack_gateway_app;
          END IF;
        END IF;
      END $$
      """;

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE rgw_internal_metadata (
            key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at TIMESTAMPTZ NOT NULL DEFAULT now());
          INSERT INTO rgw_internal_metadata (key, value) VALUES ('environment', 'production')
          """,
          """
          CREATE TABLE users (
            id BIGSERIAL PRIMARY KEY, email TEXT NOT NULL UNIQUE, roles TEXT[] NOT NULL DEFAULT '{}',
            created_at TIMESTAMPTZ NOT NULL DEFAULT now());
          INSERT INTO users (email, roles) VALUES ('admin@example.com', '{admin}'), ('ci@example.com', '{cicd}')
          """,
          """
          CREATE TABLE api_tokens (
            id BIGSERIAL PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES users(id), name TEXT NOT NULL,
            token_hash BYTEA NOT NULL UNIQUE, created_at TIMESTAMPTZ NOT NULL DEFAULT now(), last_used_at TIMESTAMPTZ);
          INSERT INTO api_tokens (user_id, name, token_hash) VALUES (2, 'ci', sha256('stand-in'))
          """,
          """
          CREATE TABLE user_sessions (
            id BIGSERIAL PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES users(id),
            created_at TIMESTAMPTZ NOT NULL DEFAULT now(), expires_at TIMESTAMPTZ NOT NULL)
          """,
          """
          CREATE SCHEMA audit;
          CREATE TABLE audit.audit_event (
            seq BIGSERIAL PRIMARY KEY, ts TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(), user_email TEXT NOT NULL,
            action TEXT NOT NULL, resource TEXT NOT NULL, http_status INT NOT NULL,
            previous_hash BYTEA, event_hash BYTEA NOT NULL);
          CREATE FUNCTION audit.chain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM pg_advisory_xact_lock(728443219);
            NEW.previous_hash := (SELECT event_hash FROM audit.audit_event ORDER BY seq DESC LIMIT 1);
            NEW.event_hash := sha256(coalesce(NEW.previous_hash, ''::bytea) || convert_to(concat_ws('|', NEW.seq, NEW.ts,
              NEW.user_email, NEW.action, NEW.resource, NEW.http_status), 'UTF8'));
            RETURN NEW;
          END $$;
          CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'audit.audit_event is append-only';
          END $$;
          CREATE TRIGGER chain BEFORE INSERT ON audit.audit_event FOR EACH ROW EXECUTE FUNCTION audit.chain();
          CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.audit_event
            FOR EACH ROW EXECUTE FUNCTION audit.refuse();
          CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit.audit_event
            FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse()
          """,
          """
          CREATE TABLE deploy_approval_requests (
            id BIGSERIAL PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, app TEXT NOT NULL, git_commit_hash TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'pending', approval_expires_at TIMESTAMPTZ,
            created_at TIMESTAMPTZ NOT NULL DEFAULT now());
          CREATE TABLE settings (key TEXT PRIMARY KEY, value JSONB NOT NULL)
          """);

  private final StandInLog log;
  private final Map<String, String> migrations;

  /**
   * @param count how many migrations the release holds
   * @param lastFails whether the last of them is broken
   */
  StandInMigrations(StandInLog log, int count, boolean lastFails) {
    this.log = log;
    this.migrations = of(count, lastFails);
  }

  /** The SQL of the migrations of a release by their versions, in order. */
  static Map<String, String> of(int count, boolean lastFails) {
    Map<String, String> migrations = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String sql =
          i < SCHEMA.size()
              ? SCHEMA.get(i)
              : "ALTER TABLE settings ADD COLUMN feature_" + (i + 1) + " TEXT";
      migrations.put(
          STAMP.format(FIRST.plusDays(7L * i)),
          lastFails && i == count - 1 ? "ALTER TABLE no_such_table ADD COLUMN broken TEXT" : sql);
    }
    return migrations;
  }

  /** Applies what is not applied yet. */
  void apply(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
      try {
        statement.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version TEXT PRIMARY KEY, applied_at TIMESTAMPTZ)");
        List<String> applied = applied(statement);
        for (Map.Entry<String, String> migration : migrations.entrySet()) {
          if (!applied.contains(migration.getKey())) {
            applyOne(connection, migration.getKey(), migration.getValue());
          }
        }
        // The job queue migrates its own tables, which are no rows of schema_migrations.
        statement.execute(
            "CREATE TABLE IF NOT EXISTS river_job (id BIGSERIAL PRIMARY KEY, kind TEXT NOT NULL, args JSONB NOT NULL)");
        statement.execute(GRANTS);
      } finally {
        statement.execute("SELECT pg_advisory_unlock(" + LOCK + ")");
      }
    }
    log.line("Migrations complete");
  }

  private void applyOne(Connection connection, String version, String sql) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      statement.execute("INSERT INTO schema_migrations VALUES ('" + version + "', now())");
      connection.commit();
      log.line("Applied migration " + version);
    } catch (SQLException e) {
      connection.rollback();
      throw new SQLException("migration " + version + " failed: " + e.getMessage(), e);
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static List<String> applied(Statement statement) throws SQLException {
    List<String> versions = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery("SELECT version FROM schema_migrations")) {
      while (rows.next()) {
        versions.add(rows.getString(1));
      }
    }
    return versions;
  }
}
