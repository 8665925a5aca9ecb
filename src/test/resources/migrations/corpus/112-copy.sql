-- expect: unclear 2
COPY settings (key) FROM '/dev/null';
