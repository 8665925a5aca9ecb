-- expect: nothing
DROP FUNCTION IF EXISTS unused_guard();
