-- The shop's register of stickers, as its terminals tell of them. Each change of a sticker gives the
-- register its next version, under the shop's lock.
ALTER TABLE shop ADD COLUMN register BIGINT NOT NULL DEFAULT 0;

CREATE TABLE sticker (
    shop UUID NOT NULL REFERENCES shop,
    sticker UUID NOT NULL,
    -- The register's version that it last changed with, and a random word that no other history has there.
    version BIGINT NOT NULL,
    mark TEXT NOT NULL,
    -- All that is known of it, as JSON.
    known TEXT NOT NULL,
    PRIMARY KEY (shop, sticker),
    UNIQUE (shop, version)
);

-- Versions that no sticker has any more, since it changed again: the last thousand, so that whoever has
-- heard up to one of them goes on from there.
CREATE TABLE passed_version (
    shop UUID NOT NULL REFERENCES shop,
    -- The version that its sticker has changed to.
    passed_by BIGINT NOT NULL,
    version BIGINT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (shop, passed_by),
    UNIQUE (shop, version)
);
