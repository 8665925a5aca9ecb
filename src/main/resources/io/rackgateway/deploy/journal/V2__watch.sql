-- What was true before a run, how its bake stands, and the looks at the gateway after it.

CREATE TABLE note (
  run_id VARCHAR(40) NOT NULL,
  name   VARCHAR(40) NOT NULL,
  body   VARCHAR(10000000) NOT NULL,
  PRIMARY KEY (run_id, name)
);

CREATE TABLE look (
  gateway  VARCHAR(200) NOT NULL,
  run_id   VARCHAR(40) NOT NULL,
  happened TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  body     VARCHAR(1000000) NOT NULL
);

CREATE INDEX look_by_run ON look (run_id, happened);
