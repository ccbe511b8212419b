-- Times are milliseconds since 1970, money is minor units beside its currency, ids are UUIDs as text.
-- What is searched has a column; what is only ever read as a whole (a fact, a job's action, the lines
-- of a cart) is JSON. Foreign keys are checked at the end of the transaction, so that the order of
-- rows within one step does not matter.

CREATE TABLE product (
    id            TEXT    NOT NULL PRIMARY KEY,
    sku           TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    group_name    TEXT,
    category      TEXT,
    description   TEXT    NOT NULL,
    minor         INTEGER NOT NULL,
    currency      TEXT    NOT NULL,
    barcodes      TEXT    NOT NULL CHECK (json_valid(barcodes)),
    picture       TEXT,
    visibility    TEXT    NOT NULL CHECK (visibility IN ('shown', 'hidden', 'archived'))
) STRICT;

-- A sale never changes; what happens to it is added as facts. Only `waiting` is written again: it
-- repeats what the fold of the facts says, so that a start finds the open sales among years of
-- closed ones.
CREATE TABLE sale (
    id            TEXT    NOT NULL PRIMARY KEY,
    reference     TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    minor         INTEGER NOT NULL,
    currency      TEXT    NOT NULL,
    backend       TEXT    NOT NULL,
    waiting       INTEGER NOT NULL CHECK (waiting IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX sale_by_time ON sale (created_at);
CREATE INDEX sale_by_reference ON sale (reference);
CREATE INDEX sale_waiting ON sale (created_at) WHERE waiting = 1;

CREATE TABLE sale_line (
    sale          TEXT    NOT NULL REFERENCES sale (id) DEFERRABLE INITIALLY DEFERRED,
    position      INTEGER NOT NULL,
    product       TEXT,
    sku           TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    unit_minor    INTEGER NOT NULL,
    unit_currency TEXT    NOT NULL,
    quantity      INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (sale, position)
) STRICT, WITHOUT ROWID;

-- `number` is the order in which this till learned of things; clocks may jump.
CREATE TABLE sale_fact (
    number        INTEGER NOT NULL PRIMARY KEY,
    sale          TEXT    NOT NULL REFERENCES sale (id) DEFERRABLE INITIALLY DEFERRED,
    key           TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    fact          TEXT    NOT NULL CHECK (json_valid(fact)),
    UNIQUE (sale, key)
) STRICT;

CREATE TABLE link (
    id            TEXT    NOT NULL PRIMARY KEY,
    backend       TEXT    NOT NULL,
    account       TEXT    NOT NULL,
    purpose       TEXT    NOT NULL CHECK (purpose IN ('permanent', 'single')),
    product       TEXT,
    minor         INTEGER NOT NULL,
    currency      TEXT    NOT NULL,
    word          TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    token         TEXT    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('wanted', 'requested', 'live', 'reserved', 'shown',
                      'paid', 'burned', 'expired', 'withdrawn', 'retired', 'refused')),
    remote_id     TEXT,
    remote_url    TEXT,
    sale          TEXT    REFERENCES sale (id) DEFERRABLE INITIALLY DEFERRED,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,
    CHECK ((remote_id IS NULL) = (remote_url IS NULL))
) STRICT;

CREATE INDEX link_by_token ON link (token);
CREATE INDEX link_by_remote ON link (backend, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX link_by_sale ON link (sale) WHERE sale IS NOT NULL;
CREATE INDEX link_by_time ON link (created_at);
CREATE INDEX link_alive ON link (created_at)
    WHERE state IN ('wanted', 'requested', 'live', 'reserved', 'shown');

CREATE TABLE job (
    id            TEXT    NOT NULL PRIMARY KEY,
    backend       TEXT    NOT NULL,
    link          TEXT    REFERENCES link (id) DEFERRABLE INITIALLY DEFERRED,
    action        TEXT    NOT NULL CHECK (json_valid(action)),
    answers       TEXT    NOT NULL CHECK (json_valid(answers)),
    attempts      INTEGER NOT NULL CHECK (attempts >= 0),
    created_at    INTEGER NOT NULL,
    problem       TEXT
) STRICT;

-- A cart is scratch paper, replaced as a whole at every tap: its lines are one value.
CREATE TABLE cart (
    id            TEXT    NOT NULL PRIMARY KEY,
    held          INTEGER NOT NULL CHECK (held IN (0, 1)),
    at            INTEGER NOT NULL,
    lines         TEXT    NOT NULL CHECK (json_valid(lines))
) STRICT;

CREATE TABLE setting (
    key           TEXT    NOT NULL PRIMARY KEY,
    value         TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    number        INTEGER NOT NULL PRIMARY KEY,
    at            INTEGER NOT NULL,
    actor         TEXT    NOT NULL,
    what          TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    detail        TEXT    NOT NULL,
    hash          BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Money and history are added to and never rewritten, whoever asks.
CREATE TRIGGER sale_stays BEFORE UPDATE OF id, reference, created_at, minor, currency, backend ON sale
    BEGIN SELECT RAISE(ABORT, 'a sale never changes'); END;
CREATE TRIGGER sale_kept BEFORE DELETE ON sale
    BEGIN SELECT RAISE(ABORT, 'a sale is never removed'); END;
CREATE TRIGGER sale_line_stays BEFORE UPDATE ON sale_line
    BEGIN SELECT RAISE(ABORT, 'a line of a sale never changes'); END;
CREATE TRIGGER sale_line_kept BEFORE DELETE ON sale_line
    BEGIN SELECT RAISE(ABORT, 'a line of a sale is never removed'); END;
CREATE TRIGGER sale_fact_stays BEFORE UPDATE ON sale_fact
    BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END;
CREATE TRIGGER sale_fact_kept BEFORE DELETE ON sale_fact
    BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER journal_kept BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
