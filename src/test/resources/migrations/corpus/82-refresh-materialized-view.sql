-- expect: locks 2 audit.daily
REFRESH MATERIALIZED VIEW audit.daily;
