package io.rackgateway.deploy.rehearsal;

import java.util.List;

/** A database of the gateway's shape, small. */
final class GatewayDatabase {

  private GatewayDatabase() {}

  /** What makes it, as its superuser; the role {@code app} is there already. */
  static String[] statements(int auditRows) {
    return List.of(
            "CREATE EXTENSION pgcrypto",
            "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, applied_at TIMESTAMPTZ)",
            "INSERT INTO schema_migrations VALUES ('20250106093000', now()), ('20250113093000',"
                + " now())",
            "CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT)",
            "INSERT INTO users (email) SELECT 'u' || i || '@example.com' FROM"
                + " generate_series(1, 500) i",
            "CREATE SCHEMA audit",
            "CREATE TABLE audit.audit_event (seq BIGSERIAL PRIMARY KEY, action TEXT NOT NULL,"
                + " event_hash BYTEA NOT NULL)",
            "INSERT INTO audit.audit_event (action, event_hash) SELECT 'a' || i,"
                + " digest(i::text, 'sha256') FROM generate_series(1, "
                + auditRows
                + ") i",
            "CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE"
                + " EXCEPTION 'append-only'; END $$",
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.audit_event FOR EACH ROW"
                + " EXECUTE FUNCTION audit.refuse()",
            "GRANT USAGE ON SCHEMA audit TO app",
            "GRANT SELECT, INSERT ON audit.audit_event TO app",
            "ALTER TABLE users OWNER TO app",
            "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY own ON users TO app USING (true)")
        .toArray(String[]::new);
  }
}
