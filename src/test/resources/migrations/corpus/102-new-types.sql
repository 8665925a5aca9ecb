-- expect: nothing
CREATE TYPE colour AS ENUM ('red');
CREATE DOMAIN positive AS INTEGER CHECK (VALUE > 0);
CREATE SEQUENCE numbers OWNED BY users.id;
CREATE SCHEMA IF NOT EXISTS billing;
CREATE TABLE billing.invoices (id positive);
ALTER TYPE approval_status ADD VALUE IF NOT EXISTS 'expired';
