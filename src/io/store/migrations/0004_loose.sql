-- Payments that name no sale: what a person, or the shop's tills together, said each is for.

CREATE TABLE loose (
    backend       TEXT    NOT NULL,
    payment       TEXT    NOT NULL,
    state         TEXT    NOT NULL
                  CHECK (state IN ('open', 'wanted', 'taken', 'elsewhere', 'set_aside')),
    heard_at      INTEGER NOT NULL,
    -- All of it.
    row           TEXT    NOT NULL CHECK (json_valid(row)),
    PRIMARY KEY (backend, payment)
) STRICT, WITHOUT ROWID;

CREATE INDEX loose_undecided ON loose (heard_at) WHERE state IN ('open', 'wanted');

CREATE TRIGGER loose_kept BEFORE DELETE ON loose
    BEGIN SELECT RAISE(ABORT, 'a payment is never removed'); END;

INSERT INTO loose (backend, payment, state, heard_at, row)
SELECT payment.backend, payment.payment, 'open', payment.heard_at, json_object(
    'backend', payment.backend, 'payment', payment.payment, 'link', payment.link,
    'status', payment.status,
    'amount', json_object('minor', payment.minor, 'currency', payment.currency),
    'proof', payment.proof, 'heard_at', payment.heard_at,
    'product', link.product, 'title', link.title, 'till', NULL, 'shared', json('false'),
    'state', 'open')
FROM payment JOIN link ON link.id = payment.link
WHERE payment.sale IS NULL AND payment.number = (
    SELECT max(other.number) FROM payment AS other
    WHERE other.backend = payment.backend AND other.payment = payment.payment);

-- A payment on a sticker may be on one that another till of the shop made: its link has no row here.
DROP TRIGGER payment_stays;
DROP TRIGGER payment_kept;
ALTER TABLE payment RENAME TO payment_before;
DROP INDEX payment_by_sale;
DROP INDEX payment_by_link;
DROP INDEX payment_to_sort;

CREATE TABLE payment (
    number        INTEGER NOT NULL PRIMARY KEY,
    backend       TEXT    NOT NULL,
    payment       TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    minor         INTEGER NOT NULL,
    currency      TEXT    NOT NULL,
    link          TEXT    NOT NULL,
    sale          TEXT    REFERENCES sale (id) DEFERRABLE INITIALLY DEFERRED,
    account       TEXT    NOT NULL,
    proof         TEXT    NOT NULL,
    heard_at      INTEGER NOT NULL,
    UNIQUE (backend, payment, status, minor, currency)
) STRICT;

INSERT INTO payment SELECT number, backend, payment, status, minor, currency, link, sale, account, proof,
                           heard_at FROM payment_before;
DROP TABLE payment_before;

CREATE INDEX payment_by_sale ON payment (sale) WHERE sale IS NOT NULL;
CREATE INDEX payment_by_link ON payment (link);
CREATE INDEX payment_to_sort ON payment (heard_at) WHERE sale IS NULL;

CREATE TRIGGER payment_stays BEFORE UPDATE OF backend, payment, status, minor, currency, link, heard_at
    ON payment BEGIN SELECT RAISE(ABORT, 'what was reported never changes'); END;
CREATE TRIGGER payment_kept BEFORE DELETE ON payment
    BEGIN SELECT RAISE(ABORT, 'what was reported is never removed'); END;
