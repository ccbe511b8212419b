-- Sheets that are wanted on paper, what happened to each, and the register of stickers.

CREATE TABLE print (
    id            TEXT    NOT NULL PRIMARY KEY,
    printer       TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('sticker', 'receipt', 'test')),
    subject       TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    copy          INTEGER NOT NULL CHECK (copy >= 0),
    number        INTEGER NOT NULL CHECK (number BETWEEN 1 AND 9999),
    document      TEXT    NOT NULL CHECK (json_valid(document)),
    wanted_at     INTEGER NOT NULL,
    -- Whether its facts leave it open, so that a start reads only those.
    open          INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1))
) STRICT;

CREATE INDEX print_open ON print (id) WHERE open = 1;
CREATE INDEX print_by_subject ON print (subject) WHERE subject <> '';

CREATE TRIGGER print_stays BEFORE UPDATE OF printer, kind, subject, title, copy, number, document
    ON print BEGIN SELECT RAISE(ABORT, 'what was wanted on paper never changes'); END;
CREATE TRIGGER print_kept BEFORE DELETE ON print
    BEGIN SELECT RAISE(ABORT, 'what was wanted on paper is never removed'); END;

CREATE TABLE print_fact (
    print         TEXT    NOT NULL REFERENCES print (id) DEFERRABLE INITIALLY DEFERRED,
    attempt       INTEGER NOT NULL,
    what          TEXT    NOT NULL CHECK (json_valid(what)),
    at            INTEGER NOT NULL,
    PRIMARY KEY (print, attempt, what)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER print_fact_stays BEFORE UPDATE ON print_fact
    BEGIN SELECT RAISE(ABORT, 'what happened never changes'); END;
CREATE TRIGGER print_fact_kept BEFORE DELETE ON print_fact
    BEGIN SELECT RAISE(ABORT, 'what happened is never removed'); END;

CREATE TABLE sticker (
    id            TEXT    NOT NULL PRIMARY KEY,
    link          TEXT    NOT NULL,
    url           TEXT    NOT NULL,
    printed_at    INTEGER NOT NULL,
    -- All of it.
    row           TEXT    NOT NULL CHECK (json_valid(row))
) STRICT;

CREATE INDEX link_by_url ON link (remote_url) WHERE purpose = 'permanent';
CREATE INDEX sticker_by_url ON sticker (url);

CREATE TRIGGER sticker_kept BEFORE DELETE ON sticker
    BEGIN SELECT RAISE(ABORT, 'a sticker is never removed: it is retired'); END;
