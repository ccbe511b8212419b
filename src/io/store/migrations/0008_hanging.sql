-- A start reads the stickers that were not taken down.
CREATE INDEX sticker_hanging ON sticker (printed_at) WHERE json_extract(row, '$.retired_at') IS NULL;
