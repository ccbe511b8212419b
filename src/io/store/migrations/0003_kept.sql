-- A notification that belongs to no link here is kept once, however often a hub hands it over.
CREATE INDEX journal_kept ON journal (subject) WHERE what = 'payment_unmatched';
