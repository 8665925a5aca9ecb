-- expect: breaks-old-version 2
ALTER TYPE approval_status RENAME VALUE 'pending' TO 'waiting';
