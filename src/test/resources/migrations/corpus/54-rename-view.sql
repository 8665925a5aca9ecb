-- expect: breaks-old-version 2 audit.recent
ALTER VIEW audit.recent RENAME TO latest;
