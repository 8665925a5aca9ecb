-- expect: breaks-old-version 2 audit.metric
ALTER TABLE audit.metric DETACH PARTITION audit.metric_2025;
