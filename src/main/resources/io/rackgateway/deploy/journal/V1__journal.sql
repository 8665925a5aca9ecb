-- Runs, what they did, the backups they took, and who may act on a gateway. The same text serves H2 and PostgreSQL.

CREATE TABLE run (
  id          VARCHAR(40) PRIMARY KEY,
  gateway     VARCHAR(200) NOT NULL,
  command     VARCHAR(40) NOT NULL,
  plan        VARCHAR(10000000),
  started_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  undoing     VARCHAR(100000),
  outcome     VARCHAR(20),
  result      VARCHAR(10000000),
  finished_at TIMESTAMP(6) WITH TIME ZONE
);

CREATE INDEX run_by_gateway ON run (gateway, started_at);

CREATE TABLE effect (
  run_id      VARCHAR(40) NOT NULL REFERENCES run (id),
  position    INTEGER NOT NULL,
  phase       VARCHAR(40) NOT NULL,
  name        VARCHAR(100) NOT NULL,
  state       VARCHAR(20) NOT NULL,
  attempts    INTEGER NOT NULL,
  intended_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  ended_at    TIMESTAMP(6) WITH TIME ZONE,
  reason      VARCHAR(100000),
  PRIMARY KEY (run_id, phase, name)
);

CREATE TABLE event (
  run_id   VARCHAR(40) NOT NULL,
  happened TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  position BIGINT NOT NULL,
  body     VARCHAR(1000000) NOT NULL
);

CREATE INDEX event_by_run ON event (run_id, happened, position);

CREATE TABLE backup (
  id         VARCHAR(200) PRIMARY KEY,
  run_id     VARCHAR(40) NOT NULL,
  gateway    VARCHAR(200) NOT NULL,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  body       VARCHAR(1000000) NOT NULL
);

CREATE TABLE lease (
  gateway       VARCHAR(200) PRIMARY KEY,
  run_id        VARCHAR(40) NOT NULL,
  host          VARCHAR(300) NOT NULL,
  pid           BIGINT NOT NULL,
  process_start BIGINT NOT NULL,
  expires_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
