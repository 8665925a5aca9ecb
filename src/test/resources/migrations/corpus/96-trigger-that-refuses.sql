-- expect: breaks-old-version 9 users
CREATE FUNCTION keep_admins() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.role = 'admin' THEN
    RAISE EXCEPTION 'admins are made elsewhere';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER users_admins BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep_admins();
