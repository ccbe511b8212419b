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

-- What terminals read: notifications, and claims as the JSON that terminals get.
CREATE TABLE feed (
    stream INTEGER NOT NULL REFERENCES stream,
    seq INTEGER NOT NULL,
    mark TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('notification', 'claim')),
    endpoint TEXT REFERENCES endpoint,
    kind TEXT NOT NULL,
    link TEXT,
    token_hash TEXT,
    verdict TEXT,
    headers TEXT,
    body BLOB NOT NULL,
    -- The published link that is meant, and for how many sales its product was shown at that moment.
    published TEXT,
    open_sales INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, seq)
) STRICT, WITHOUT ROWID;

-- Links as their terminals told of them: by these a notification to an account's own address finds
-- its terminal, and a terminal understands a payment on another one's sticker.
CREATE TABLE link (
    shop TEXT NOT NULL REFERENCES shop,
    link TEXT NOT NULL,
    terminal TEXT NOT NULL REFERENCES terminal,
    kind TEXT NOT NULL,
    remote TEXT NOT NULL,
    purpose TEXT NOT NULL,
    product TEXT,
    -- All that was told, as JSON.
    told TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (shop, link)
) STRICT, WITHOUT ROWID;

-- Sales that show a permanent link, as their terminals told last.
CREATE TABLE open_sale (
    terminal TEXT NOT NULL REFERENCES terminal,
    sale TEXT NOT NULL,
    product TEXT NOT NULL,
    PRIMARY KEY (terminal, sale)
) STRICT, WITHOUT ROWID;

-- Who has a payment that several terminals could have: the first that asked.
CREATE TABLE claim (
    shop TEXT NOT NULL REFERENCES shop,
    kind TEXT NOT NULL,
    link TEXT NOT NULL,
    payment TEXT NOT NULL,
    sale TEXT NOT NULL,
    terminal TEXT NOT NULL REFERENCES terminal,
    at INTEGER NOT NULL,
    PRIMARY KEY (shop, kind, link, payment)
) STRICT, WITHOUT ROWID;

-- What was taken already, so that a repetition is stored once.
CREATE TABLE seen (
    stream INTEGER NOT NULL REFERENCES stream,
    key BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (stream, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_by_remote ON link (shop, kind, remote);
CREATE INDEX hook_of_endpoint ON hook (endpoint);
CREATE INDEX endpoint_of_shop ON endpoint (shop);
CREATE INDEX seen_by_age ON seen (at);
CREATE INDEX feed_by_age ON feed (received_at);
