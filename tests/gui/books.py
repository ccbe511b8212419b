"""What the till's database says of money, read beside the running till and never written."""

import contextlib
import json
import sqlite3


class Books:
    """The database in a till's data folder."""

    def __init__(self, data):
        self.file = data / "tillcode.sqlite3"

    def _rows(self, query, *values):
        with contextlib.closing(
            sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)
        ) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query, values)]

    def payments(self):
        """All that accounts reported."""
        return self._rows("SELECT * FROM payment ORDER BY number")

    def confirmed(self):
        """Money that an account confirmed."""
        return [
            row
            for row in self.payments()
            if (row["status"], row["proof"]) == ("charged", "CONFIRMED")
        ]

    def sale_of(self, url):
        """The id of the sale that a code belongs to."""
        return self._rows("SELECT sale FROM link WHERE remote_url = ?", url)[0]["sale"]

    def facts(self, sale):
        """What happened to a sale, in the order in which the till learned of it."""
        rows = self._rows("SELECT fact FROM sale_fact WHERE sale = ? ORDER BY number", sale)
        return [json.loads(row["fact"]) for row in rows]

    def heard(self):
        """How many notifications of its own the till has read at the hub."""
        rows = self._rows("SELECT value FROM setting WHERE key = 'hub_cursor_own'")
        return json.loads(rows[0]["value"])["seq"] if rows else 0

    def is_confirmed_once(self, url, minor):
        """Whether a code's sale has one confirmed payment over just this sum, as a row and a fact."""
        sale = self.sale_of(url)
        rows = [(row["minor"], row["currency"]) for row in self.confirmed() if row["sale"] == sale]
        reported = [
            (fact["amount"]["minor"], fact["amount"]["currency"])
            for fact in self.facts(sale)
            if fact["fact"] == "reported"
            and (fact["status"], fact["proof"]) == ("charged", "CONFIRMED")
        ]
        return rows == reported == [(minor, "EUR")]

    def days_until_heard(self, url):
        """How many days after its sale began a code's first payment was heard of."""
        query = """SELECT (payment.heard_at - sale.created_at) / 86400000 AS days FROM payment
            JOIN sale ON sale.id = payment.sale WHERE sale.id = ? ORDER BY payment.number"""
        rows = self._rows(query, self.sale_of(url))
        return rows[0]["days"] if rows else None

    def in_words(self):
        """All payments, for a check that failed."""
        rows = self.payments()
        return ", ".join(" ".join(map(str, row.values())) for row in rows) or "none"
