-- Four kinds of payment account: links that the payer prices, titles, and what only one provider
-- understands.

ALTER TABLE product ADD COLUMN asking TEXT NOT NULL DEFAULT 'fixed' CHECK (asking IN ('fixed', 'open'));
ALTER TABLE product ADD COLUMN options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options));

ALTER TABLE link ADD COLUMN asking TEXT NOT NULL DEFAULT 'fixed' CHECK (asking IN ('fixed', 'open'));
ALTER TABLE link ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE link ADD COLUMN options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options));

-- When its first request went out, by the server's clock: a provider's key for repeating it has an end.
ALTER TABLE job ADD COLUMN first_sent INTEGER;
