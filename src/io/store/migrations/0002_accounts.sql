-- Four kinds of payment account: links that the payer prices, titles, and what only one provider
-- understands.

ALTER TABLE product ADD COLUMN asking TEXT NOT NULL DEFAULT 'fixed' CHECK (asking IN ('fixed', 'open'));
ALTER TABLE product ADD COLUMN options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options));

ALTER TABLE link ADD COLUMN asking TEXT NOT NULL DEFAULT 'fixed' CHECK (asking IN ('fixed', 'open'));
ALTER TABLE link ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE link ADD COLUMN custom INTEGER NOT NULL DEFAULT 0 CHECK (custom IN (0, 1));
ALTER TABLE link ADD COLUMN options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options));

-- When its first request went out, by the server's clock: a provider's key for repeating it has an end.
ALTER TABLE job ADD COLUMN first_sent INTEGER;
-- Why it was refused for good: it stays until a person decides.
ALTER TABLE job ADD COLUMN refusal TEXT CHECK (json_valid(refusal));

-- What backends reported, each once; `sale` is null for what a person has to sort out.
CREATE TABLE payment (
    number        INTEGER NOT NULL PRIMARY KEY,
    backend       TEXT    NOT NULL,
    payment       TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    minor         INTEGER NOT NULL,
    currency      TEXT    NOT NULL,
    link          TEXT    NOT NULL REFERENCES link (id) DEFERRABLE INITIALLY DEFERRED,
    sale          TEXT    REFERENCES sale (id) DEFERRABLE INITIALLY DEFERRED,
    account       TEXT    NOT NULL,
    proof         TEXT    NOT NULL,
    heard_at      INTEGER NOT NULL,
    UNIQUE (backend, payment, status, minor, currency)
) STRICT;

CREATE INDEX payment_by_sale ON payment (sale) WHERE sale IS NOT NULL;
CREATE INDEX payment_by_link ON payment (link);
CREATE INDEX payment_to_sort ON payment (heard_at) WHERE sale IS NULL;

CREATE TRIGGER payment_stays BEFORE UPDATE OF backend, payment, status, minor, currency, link, heard_at
    ON payment BEGIN SELECT RAISE(ABORT, 'what was reported never changes'); END;
CREATE TRIGGER payment_kept BEFORE DELETE ON payment
    BEGIN SELECT RAISE(ABORT, 'what was reported is never removed'); END;

-- How often a link was shown: the key of such a fact ends with its link.
CREATE INDEX sale_fact_shown ON sale_fact (key, at) WHERE key >= 'shown/' AND key < 'shown0';
