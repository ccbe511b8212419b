-- Stickers of which the shop's hub does not know all that is known here.
ALTER TABLE sticker ADD COLUMN untold INTEGER NOT NULL DEFAULT 0 CHECK (untold IN (0, 1));
CREATE INDEX sticker_untold ON sticker (id) WHERE untold = 1;
