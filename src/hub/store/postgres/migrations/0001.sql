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

-- What terminals read: notifications, and claims as the JSON that terminals get.
CREATE TABLE feed (
    stream BIGINT NOT NULL REFERENCES stream,
    seq BIGINT NOT NULL,
    mark TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('notification', 'claim')),
    endpoint UUID REFERENCES endpoint,
    kind TEXT NOT NULL,
    link UUID,
    token_hash TEXT,
    verdict TEXT,
    headers TEXT,
    body BYTEA NOT NULL,
    -- The published link that is meant, and for how many sales its product was shown at that moment.
    published UUID,
    open_sales BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, seq)
);

-- Links as their terminals told of them: by these a notification to an account's own address finds
-- its terminal, and a terminal understands a payment on another one's sticker.
CREATE TABLE link (
    shop UUID NOT NULL REFERENCES shop,
    link UUID NOT NULL,
    terminal UUID NOT NULL REFERENCES terminal,
    kind TEXT NOT NULL,
    remote TEXT NOT NULL,
    purpose TEXT NOT NULL,
    product UUID,
    -- All that was told, as JSON.
    told TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (shop, link)
);

-- Sales that show a permanent link, as their terminals told last.
CREATE TABLE open_sale (
    terminal UUID NOT NULL REFERENCES terminal,
    sale UUID NOT NULL,
    product UUID NOT NULL,
    PRIMARY KEY (terminal, sale)
);

-- Who has a payment that several terminals could have: the first that asked.
CREATE TABLE claim (
    shop UUID NOT NULL REFERENCES shop,
    kind TEXT NOT NULL,
    link UUID NOT NULL,
    payment TEXT NOT NULL,
    sale UUID NOT NULL,
    terminal UUID NOT NULL REFERENCES terminal,
    at BIGINT NOT NULL,
    PRIMARY KEY (shop, kind, link, payment)
);

-- What was taken already, so that a repetition is stored once.
CREATE TABLE seen (
    stream BIGINT NOT NULL REFERENCES stream,
    key BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (stream, key)
);

CREATE INDEX link_by_remote ON link (shop, kind, remote);
CREATE INDEX open_sale_of_product ON open_sale (product);
CREATE INDEX hook_of_endpoint ON hook (endpoint);
CREATE INDEX endpoint_of_shop ON endpoint (shop);
CREATE INDEX seen_by_age ON seen (at);
CREATE INDEX claim_by_age ON claim (at);
CREATE INDEX feed_by_age ON feed (received_at);
