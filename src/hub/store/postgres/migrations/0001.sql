-- The message server's tables on PostgreSQL: the same as on SQLite. Instants are milliseconds since
-- 1970, tokens their SHA-256 in hexadecimal. Names sort by their bytes, whatever the database's
-- language is.

-- A sequence without gaps, given out under this row's lock in the transaction that adds the row. The
-- id is only a name.
CREATE TABLE stream (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    last_seq BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE shop (
    id UUID PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    stream BIGINT NOT NULL UNIQUE REFERENCES stream,
    created_at BIGINT NOT NULL
);

-- Where a payment account posts to.
CREATE TABLE endpoint (
    id UUID PRIMARY KEY,
    shop UUID NOT NULL REFERENCES shop,
    kind TEXT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (shop, name)
);

-- The secrets that an account signs with; several while one is being replaced.
CREATE TABLE secret (
    endpoint UUID NOT NULL REFERENCES endpoint,
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (endpoint, secret)
);

CREATE TABLE terminal (
    id UUID PRIMARY KEY,
    shop UUID NOT NULL REFERENCES shop,
    name TEXT COLLATE "C" NOT NULL,
    stream BIGINT NOT NULL UNIQUE REFERENCES stream,
    -- None until it is paired, and after it was revoked.
    token_hash TEXT UNIQUE,
    pairing_hash TEXT UNIQUE,
    pairing_until BIGINT,
    pairing_used_at BIGINT,
    -- Up to where its disk holds its own stream and its shop's.
    own_acked BIGINT NOT NULL DEFAULT 0,
    shop_acked BIGINT NOT NULL DEFAULT 0,
    seen_at BIGINT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    UNIQUE (shop, name)
);

-- One address of an endpoint: the owner's own, or the one that a terminal got when it joined.
CREATE TABLE hook (
    token_hash TEXT PRIMARY KEY,
    endpoint UUID NOT NULL REFERENCES endpoint,
    terminal UUID REFERENCES terminal,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);

CREATE TABLE feed (
    stream BIGINT NOT NULL REFERENCES stream,
    seq BIGINT NOT NULL,
    mark TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    endpoint UUID NOT NULL REFERENCES endpoint,
    kind TEXT NOT NULL,
    link UUID,
    token_hash TEXT,
    verdict TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (stream, seq)
);

-- What was taken already, so that a repetition is stored once.
CREATE TABLE seen (
    stream BIGINT NOT NULL REFERENCES stream,
    key BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (stream, key)
);

CREATE INDEX hook_of_endpoint ON hook (endpoint);
CREATE INDEX endpoint_of_shop ON endpoint (shop);
CREATE INDEX seen_by_age ON seen (at);
CREATE INDEX feed_by_age ON feed (received_at);
