"""From a tap to the payer's money and back: till, hub and sandbox as programs, a payer's browser.

The till's window is pressed and read by what its controls say, the code is read off a screenshot,
and that address is what the browser opens; what became of the money is read in the till's database.

usage: pays.py NAME SCENARIO        scenarios: see the table at the end
"""

import contextlib
import os
import sys
import tempfile
import time

import till
from books import Books
from browser import Browser
from days import Days
from hub import Hub, Signer

ESPRESSO, ESPRESSO_MINOR = "Espresso", 250
CROISSANT, CROISSANT_MINOR = "Croissant", 190
CATALOG = (
    "sku,name,category,price,currency\n"
    f"ESP,{ESPRESSO},Drinks,2.50,EUR\n"
    f"CRO,{CROISSANT},Food,1.90,EUR\n"
)
# Few codes, so that none is waited for.
POOL = "\n[pool]\nper_amount = 1\nopen_amount = 0\n"
# How long a screen is watched on which nothing must happen, in seconds. With a hub that is heard a
# payment shows within one.
WATCHED = 4.0


class Market:
    """A till's window, a hub, the sandbox and a customer with a phone."""

    def __init__(self, name, kind, ends, days=None, front=None, secret=None):
        environment = days.environment if days else None
        self.name, self.read = name, set()
        self.shop = till.Shop(account=till.ACCOUNTS[kind], more=POOL, environment=environment)
        ends.callback(lambda: self.shop.close(keep_log_as=name))
        public_url = front.address if front else None
        self.hub = Hub(self.shop.folder / "hub", self.shop.log, environment, public_url)
        ends.callback(self.hub.stop)
        if front:
            front.hub = self.hub
        self.hub.start()
        self.endpoint = self.hub.endpoint(kind, secret)
        self.books = Books(self.shop.data)
        file = self.shop.folder / "catalog.csv"
        file.write_text(CATALOG)
        self.shop.command("catalog", "import", str(file))
        self.shop.command("pair", self.hub.invitation())
        self.browser = Browser()
        ends.callback(self.browser.close)

    @property
    def kiosk(self):
        return self.shop.kiosk

    def open(self):
        """Starts the till and leads it to Sell, wherever it resumed."""
        players = self.shop.folder / "players"
        players.mkdir(exist_ok=True)
        player = players / "pw-play"
        player.write_text(f'#!/bin/sh\necho "${{1##*/}}" >>"{self.shop.folder}/heard"\n')
        player.chmod(0o755)
        self.shop.start(wrapper=["env", f"PATH={players}:{os.environ['PATH']}"])
        self.wait_for_window()
        self.leave()

    def wait_for_window(self):
        till.wait_until(
            "the window",
            lambda: till.is_shown(self.kiosk, f"{ESPRESSO},") or till.is_shown(self.kiosk, "Back"),
            60,
        )

    def photograph(self, what):
        return till.screenshot(f"{self.name}-{what}")

    def sell(self, product):
        """Taps a product and reads the code off the screen."""
        till.press(self.kiosk, f"{product},")
        till.find(self.kiosk, "Payment code", 30)

        def fresh():
            # The tree for assistive technology is ready a moment before the pixels are.
            codes = till.decode(self.photograph("code"))
            return codes[0] if len(codes) == 1 and codes[0] not in self.read else None

        url = till.wait_until("a code that zbar reads", fresh, 15)
        self.read.add(url)
        return url

    def heard(self):
        """The sounds that the till had played, in their order."""
        file = self.shop.folder / "heard"
        return file.read_text().split() if file.exists() else []

    def says_paid(self):
        return till.says(self.kiosk, "Paid")

    def wait_for_paid(self, seconds=20.0):
        """Waits for Paid, and photographs it while it is there; says how long it took."""
        began = time.monotonic()
        till.wait_until("the window to say Paid", self.says_paid, seconds)
        took = time.monotonic() - began
        return took, self.photograph("paid")

    def stays_unpaid(self, seconds=WATCHED):
        """Whether the code stays on the screen and nothing says Paid, for as long as is watched."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if self.says_paid() or not till.is_shown(self.kiosk, "Payment code"):
                return False
            time.sleep(0.2)
        return True

    def wait_until_heard(self, count):
        """Waits until the till has read so many notifications, and has them on disk."""
        till.wait_until(
            f"the till to read notification {count}", lambda: self.books.heard() >= count
        )

    def sale(self, url):
        return next(sale for sale in self.shop.sales() if sale["url"] == url)

    def leave(self):
        """To Sell, from wherever the till is."""
        if not till.is_shown(self.kiosk, f"{ESPRESSO},"):
            with contextlib.suppress(till.Failure):
                till.press(self.kiosk, "Back", 3)
        till.find(self.kiosk, f"{ESPRESSO},")

    def recent(self, url, words, shot="recent"):
        """Whether Recent says these words of a code's sale."""
        row = f"{self.sale(url)['reference']}, "
        till.press(self.kiosk, "Recent", whole=True)

        def said():
            rows = [name for name in till.names(self.kiosk) if name.startswith(row)]
            return any(name.endswith(f", {words}") for name in rows)

        try:
            till.wait_until(f"Recent to say {words!r}", said, 8)
            return True
        except till.Failure:
            return False
        finally:
            self.photograph(shot)
            till.press(self.kiosk, "Sell", whole=True)
            till.find(self.kiosk, f"{ESPRESSO},")

    def check_code(self, report, check, url):
        links = [link["url"] for link in self.shop.sandbox.links()]
        report.check(check, url in links, f"the screen shows {url}, the provider made {links}")

    def check_paid(self, report, check, url, seconds=20.0):
        """The screen says so, and its code is gone."""
        took, path = self.wait_for_paid(seconds)
        codes = till.decode(path)
        report.check(check, not codes, f"{codes} still stands there")
        report.note(f"Paid on the screen {took:.2f} s after the payer's page said thank you")
        return took

    def check_once(self, report, check, url, minor):
        sale = self.sale(url)
        word = (sale["state"], sale["proof"], sale["over"])
        holds = self.books.is_confirmed_once(url, minor) and word == ("paid", "CONFIRMED", None)
        report.check(check, holds, f"the sale is {word}, payments: {self.books.in_words()}")

    def check_unpaid(self, report, check, url, proof="OPEN"):
        """Neither the sale nor any payment is confirmed."""
        sale = self.sale(url)
        word = (sale["state"], sale["proof"])
        holds = word == ("awaiting", proof) and not self.books.confirmed()
        report.check(check, holds, f"the sale is {word}, payments: {self.books.in_words()}")


NOW = (
    "the code on the screen is a link that the provider made",
    "the window says Paid and the code is gone",
    "the database says CONFIRMED, once",
    "Recent says Paid",
    "it was heard, once",
)


def now(report, name, ends):
    """4pay, by the address that only this link has."""
    market = Market(name, "4pay", ends)
    market.open()
    url = market.sell(ESPRESSO)
    market.check_code(report, NOW[0], url)
    market.browser.pay(url)
    market.check_paid(report, NOW[1], url)
    market.browser.photograph(f"{name}-payer")
    market.check_once(report, NOW[2], url, ESPRESSO_MINOR)
    market.leave()
    report.check(NOW[3], market.recent(url, "Paid"), "it does not")
    report.check(NOW[4], market.heard() == ["paid.wav"], f"{market.heard()}")


SIGNED = (
    "a notification that lacks the account's signature is turned away and the code stays",
    "the window says Paid once it is signed, and the code is gone",
    "it was posted twice, and the database says CONFIRMED once",
)


def signed(report, name, ends):
    """4pay, where its operator has set a secret: the sandbox has none, so a proxy signs."""
    secret = "whsec_end-to-end"
    front = Signer()
    ends.callback(front.stop)
    market = Market(name, "4pay", ends, front=front, secret=secret)
    market.open()
    url = market.sell(ESPRESSO)
    market.browser.pay(url)
    till.wait_until("the hub's answer", lambda: front.statuses)
    unpaid = market.stays_unpaid(1.0) and set(front.statuses) == {401}
    said = f"the hub answered {front.statuses}, payments: {market.books.in_words()}"
    report.check(SIGNED[0], unpaid, said)
    # The provider repeats what was not acknowledged.
    front.secret = secret
    market.check_paid(report, SIGNED[1], url, 30)
    till.wait_until("the second copy", lambda: front.statuses.count(200) >= 2)
    market.wait_until_heard(1)
    market.check_once(report, SIGNED[2], url, ESPRESSO_MINOR)


AWAY = (
    "the code on the screen is a link that the provider made",
    "the hub keeps the notification of a payment that the till was not there for",
    "three days later, with the hub away, the sale still waits",
    "the next customer's code stays when the hub is back, and nothing says Paid",
    "the database says CONFIRMED, once, heard after three days, and the other sale waits",
    "Recent says Paid",
    "after one more start it still says CONFIRMED, once",
)


def away(report, name, ends):
    """4pay, with the till off while the customer pays; the date moves for all programs alike."""
    folder = ends.enter_context(tempfile.TemporaryDirectory(prefix="days-"))
    days = Days(folder)
    ends.callback(days.close)
    market = Market(name, "4pay", ends, days=days)
    market.open()
    url = market.sell(ESPRESSO)
    market.check_code(report, AWAY[0], url)
    market.shop.kill()
    market.browser.pay(url)
    stored = till.wait_until("the notification at the hub", market.hub.waiting)
    report.check(AWAY[1], stored == 1 and not market.books.payments(), f"{stored} wait at the hub")

    market.hub.stop()
    days.pass_by(3)
    market.shop.start()
    market.wait_for_window()
    market.photograph("back")
    market.check_unpaid(report, AWAY[2], url)
    market.leave()
    other = market.sell(CROISSANT)
    market.hub.start()
    # It may have asked a moment before: it asks again by itself within a minute.
    till.wait_until("the payment", lambda: market.books.confirmed(), 60)
    unpaid = market.stays_unpaid(2.0)
    codes = till.decode(market.photograph("other"))
    report.check(AWAY[3], unpaid and codes == [other], f"the screen shows {codes}")
    days_between = market.books.days_until_heard(url)
    if market.sale(other)["proof"] != "OPEN":
        report.fail(AWAY[4], "the other sale is paid")
    elif days_between != 3:
        report.fail(AWAY[4], f"heard {days_between} days after the sale")
    else:
        market.check_once(report, AWAY[4], url, ESPRESSO_MINOR)
    market.leave()
    market.photograph("sell")
    report.check(AWAY[5], market.recent(url, "Paid"), "it does not")
    market.shop.kill()
    market.open()
    once = market.books.is_confirmed_once(url, ESPRESSO_MINOR) and len(market.books.confirmed()) == 1
    report.check(AWAY[6], once, market.books.in_words())


LOOK_UP = (
    "a callback alone is no money: the code stays while the order cannot be looked up",
    "the look-up turns the screen to Paid, and the code is gone",
    "the database says CONFIRMED, once",
    "with the hub away the look-up alone turns the screen to Paid",
    "the database says CONFIRMED, once, for that sale too",
)


def altapay(report, name, ends):
    """AltaPay: looked up, whatever a callback says."""
    market = Market(name, "altapay", ends)
    market.open()
    url = market.sell(ESPRESSO)
    fault = {"kind": "altapay", "path": "/merchant/API/payments", "fault": {"status": 503}}
    market.shop.sandbox.ask("POST", "/sandbox/faults", fault)
    market.browser.pay(url)
    market.wait_until_heard(1)
    unpaid = market.stays_unpaid(2.0)
    report.check(LOOK_UP[0], unpaid and not market.books.confirmed(), market.books.in_words())
    market.photograph("callback")
    market.shop.sandbox.ask("DELETE", "/sandbox/faults")
    market.check_paid(report, LOOK_UP[1], url, 60)
    market.check_once(report, LOOK_UP[2], url, ESPRESSO_MINOR)
    market.leave()

    market.hub.stop()
    other = market.sell(CROISSANT)
    market.browser.pay(other)
    market.check_paid(report, LOOK_UP[3], other, 30)
    market.check_once(report, LOOK_UP[4], other, CROISSANT_MINOR)


HINT = (
    "a notification that the owner has not tried out is a hint: the code stays",
    "the database says OPEN",
    "Recent says that it waits",
    "once it is commissioned the window says Paid, and the code is gone",
    "the database says CONFIRMED, once",
    "the sale of before still waits",
    "a hint is not heard",
)


def devdraft(report, name, ends):
    """Devdraft: no document says what its notification looks like, so the owner tries it out."""
    market = Market(name, "devdraft", ends)
    hook = {"name": "till", "url": market.endpoint, "isActive": True, "encrypted": False}
    keys = {"x-client-key": "test-key", "x-client-secret": "test-key"}
    market.shop.sandbox.ask("POST", "/api/v0/webhooks", hook, keys)
    market.open()
    url = market.sell(ESPRESSO)
    market.browser.pay(url)
    market.wait_until_heard(1)
    report.check(HINT[0], market.stays_unpaid(), "it does not")
    market.photograph("hint")
    market.check_unpaid(report, HINT[1], url)
    market.leave()
    waits = market.recent(url, "Payment reported, not confirmed", "hint-recent")
    report.check(HINT[2], waits, "it does not")
    report.check(HINT[6], market.heard() == [], f"{market.heard()}")

    till.stop(market.kiosk)
    config = market.shop.config
    config.write_text(config.read_text().replace('"devdraft"', '"devdraft"\ncommissioned = true'))
    market.open()
    other = market.sell(CROISSANT)
    market.browser.pay(other)
    market.check_paid(report, HINT[3], other)
    market.check_once(report, HINT[4], other, CROISSANT_MINOR)
    still = market.sale(url)["proof"] == "OPEN" and len(market.books.confirmed()) == 1
    report.check(HINT[5], still, market.books.in_words())


NEVER = (
    "the payer's page says that the till is not told",
    "the window never says Paid by itself",
    "the database knows of no payment",
    "handed over, the database says CLAIMED and nothing is confirmed",
    "Recent says that it is not checked yet",
    "the accounts' page says where to look",
    "the owner compares it with the console, and the sale is paid",
)


def fourgeeks(report, name, ends):
    """4Geeks tells nobody: what is paid the owner finds in its console."""
    market = Market(name, "4geeks", ends)
    market.open()
    url = market.sell(ESPRESSO)
    said = market.browser.pay(url)
    report.check(NEVER[0], "The till is not told" in said, f"it says {said!r}")
    report.check(NEVER[1], market.stays_unpaid(), "it does")
    market.photograph("not-told")
    sale = market.sale(url)
    holds = (sale["state"], sale["proof"]) == ("awaiting", "OPEN") and not market.books.payments()
    report.check(NEVER[2], holds, f"{sale['state']} {sale['proof']}, {market.books.in_words()}")
    till.press(market.kiosk, "Hand over without proof")
    till.press(market.kiosk, "Another reason")
    market.photograph("hand-over")
    till.press(market.kiosk, "Hand over", whole=True)
    till.wait_until("the claim", lambda: market.sale(url)["proof"] == "CLAIMED")
    market.photograph("handed-over")
    market.check_unpaid(report, NEVER[3], url, "CLAIMED")
    market.leave()
    said = market.recent(url, "Handed over, not checked yet")
    report.check(NEVER[4], said, "it does not")
    till.press(market.kiosk, "Settings", whole=True)
    till.press(market.kiosk, "What they can")
    where = "Payments are not reported: compare with the provider’s console"
    till.find(market.kiosk, "main: online")
    shown = till.names(market.kiosk)
    report.check(NEVER[5], any(where in name for name in shown), f"it says {shown}")
    market.photograph("accounts")
    with contextlib.suppress(till.Failure):
        till.press(market.kiosk, "Back", 3)
    till.press(market.kiosk, "Recent", whole=True)
    till.press(market.kiosk, "To compare: 1")
    till.press(market.kiosk, f"{sale['reference']} · ")
    market.photograph("compare")
    till.press(market.kiosk, "It is there: paid")
    till.wait_until("the owner's word", lambda: market.sale(url)["proof"] == "CONFIRMED")
    sale = market.sale(url)
    word = (sale["state"], sale["proof"], sale["over"])
    report.check(NEVER[6], word == ("paid", "CONFIRMED", None), f"the sale is {word}")


SCENARIOS = {
    "now": (now, NOW),
    "signed": (signed, SIGNED),
    "away": (away, AWAY),
    "altapay": (altapay, LOOK_UP),
    "devdraft": (devdraft, HINT),
    "4geeks": (fourgeeks, NEVER),
}


def run(report, name, body):
    with contextlib.ExitStack() as ends:
        body(report, name, ends)


if __name__ == "__main__":
    till.main_guard()
    NAME = sys.argv[1]
    BODY, CHECKS = SCENARIOS[sys.argv[2]]
    REPORT = till.Report(NAME, CHECKS)
    sys.exit(REPORT.run(lambda: run(REPORT, NAME, BODY)))
