-- expect: depends-on-data 4 audit.metric
-- expect: locks 4 audit.metric
-- fails: 23514
CREATE TABLE audit.metric_2024 PARTITION OF audit.metric FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
