-- When an address was replaced by a newer one of the same endpoint: it is good until it is retired, but
-- no terminal is given it again.
ALTER TABLE hook ADD COLUMN replaced_at INTEGER;
