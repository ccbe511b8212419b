-- The message server's tables. Ids are UUIDs as text, instants milliseconds since 1970, tokens their
-- SHA-256 in hexadecimal.

-- A sequence without gaps, given out in the transaction that adds the row.
CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE shop (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    stream INTEGER NOT NULL UNIQUE REFERENCES stream,
    created_at INTEGER NOT NULL
) STRICT;

-- Where a payment account posts to.
CREATE TABLE endpoint (
    id TEXT PRIMARY KEY,
    shop TEXT NOT NULL REFERENCES shop,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (shop, name)
) STRICT;

-- The secrets that an account signs with; several while one is being replaced.
CREATE TABLE secret (
    endpoint TEXT NOT NULL REFERENCES endpoint,
    secret TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (endpoint, secret)
) STRICT;

CREATE TABLE terminal (
    id TEXT PRIMARY KEY,
    shop TEXT NOT NULL REFERENCES shop,
    name TEXT NOT NULL,
    stream INTEGER NOT NULL UNIQUE REFERENCES stream,
    -- None until it is paired, and after it was revoked.
    token_hash TEXT UNIQUE,
    pairing_hash TEXT UNIQUE,
    pairing_until INTEGER,
    pairing_used_at INTEGER,
    -- Up to where its disk holds its own stream and its shop's.
    own_acked INTEGER NOT NULL DEFAULT 0,
    shop_acked INTEGER NOT NULL DEFAULT 0,
    seen_at INTEGER,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    UNIQUE (shop, name)
) STRICT;

-- One address of an endpoint: the owner's own, or the one that a terminal got when it joined.
CREATE TABLE hook (
    token_hash TEXT PRIMARY KEY,
    endpoint TEXT NOT NULL REFERENCES endpoint,
    terminal TEXT REFERENCES terminal,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;

CREATE TABLE feed (
    stream INTEGER NOT NULL REFERENCES stream,
    seq INTEGER NOT NULL,
    mark TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    endpoint TEXT NOT NULL REFERENCES endpoint,
    kind TEXT NOT NULL,
    link TEXT,
    token_hash TEXT,
    verdict TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (stream, seq)
) STRICT, WITHOUT ROWID;

-- What was taken already, so that a repetition is stored once.
CREATE TABLE seen (
    stream INTEGER NOT NULL REFERENCES stream,
    key BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (stream, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX hook_of_endpoint ON hook (endpoint);
CREATE INDEX endpoint_of_shop ON endpoint (shop);
CREATE INDEX seen_by_age ON seen (at);
CREATE INDEX feed_by_age ON feed (received_at);
