"""A day without a network, for one kind of account: from an empty folder to twenty codes that were
scanned off the screen, and what the screen and the commands say once the network is back.

usage: offline.py NAME KIND        kinds: 4pay, 4geeks, devdraft, altapay
"""

import contextlib
import json
import signal
import sys

import till

SALES = 20
CATALOG = "sku,name,price,currency\nESP,Espresso,2.50,EUR\nCRO,Croissant,1.90,EUR\n"
PRODUCTS = (("Espresso", 250), ("Croissant", 190))
TOTAL = "Not known yet 44.00"
# Devdraft counts millionths of its tokens.
UNITS = {"devdraft": 10_000}
# Codes for ten sales of each product.
POOL = "\n[pool]\nper_amount = 10\namounts = 2\nopen_amount = 0\n"
CHECKS = (
    "twenty sales, twenty codes that zbar reads, no two alike",
    "every code is a link that the provider made, over the price of what was sold",
    "Recent says that all of them wait, and how much that is",
    "back online, nothing waits to be sent",
    "every sale is on disk, waiting, with the code that was on the screen",
    "every link is shown, once",
)


def without_answers(shop):
    """The provider hears nothing and answers nobody, as where a phone finds no mast."""
    shop.sandbox.process.send_signal(signal.SIGSTOP)


def with_answers(shop):
    shop.sandbox.process.send_signal(signal.SIGCONT)


def waiting(shop):
    """What is still to be sent."""
    return json.loads(shop.command("sync", "--json"))["rows"]


def sell(shop, name, product, read):
    """Taps a product, reads its code off the screen and goes back."""
    till.press(shop.kiosk, f"{product},")
    till.find(shop.kiosk, "Payment code")

    def fresh():
        # The tree for assistive technology is ready a moment before the pixels are.
        codes = till.decode(till.screenshot(f"{name}-code"))
        return codes[0] if len(codes) == 1 and codes[0] not in read else None

    url = till.wait_until("a code that is not known yet", fresh, 15)
    till.press(shop.kiosk, "Back")
    till.wait_until("the code to go", lambda: not till.is_shown(shop.kiosk, "Payment code"))
    return url


def scenario(report, name, kind):
    with contextlib.ExitStack() as ends:
        shop = till.Shop(account=till.ACCOUNTS[kind], more=POOL)
        ends.callback(lambda: shop.close(keep_log_as=name))
        ends.callback(lambda: with_answers(shop))
        file = shop.folder / "catalog.csv"
        file.write_text(CATALOG)
        shop.command("catalog", "import", str(file))
        shop.start()
        till.find(shop.kiosk, "Espresso,", 60)
        shop.wait_for_codes(wanted=SALES)
        links = {link["url"]: link for link in shop.sandbox.links()}

        without_answers(shop)
        read = []
        for number in range(SALES):
            product, _ = PRODUCTS[number % len(PRODUCTS)]
            read.append(sell(shop, name, product, read))
        report.check(CHECKS[0], len(set(read)) == SALES, read)
        unit = UNITS.get(kind, 1)
        wanted = [minor * unit for _, minor in PRODUCTS] * (SALES // len(PRODUCTS))
        asked = [links.get(url, {}).get("amount") for url in read]
        fits = [amount is not None and till.minor_units(amount) for amount in asked] == wanted
        report.check(CHECKS[1], fits, f"they ask for {asked}")

        till.press(shop.kiosk, "Recent", whole=True)
        till.find(shop.kiosk, TOTAL)
        rows = [row for row in till.names(shop.kiosk) if row.endswith(", Waiting for payment")]
        till.screenshot(f"{name}-recent")
        report.check(CHECKS[2], len(rows) > 2, f"it says {till.names(shop.kiosk)}")

        with_answers(shop)
        till.press(shop.kiosk, "Codes", whole=True)
        till.press(shop.kiosk, "Send now")
        till.find(shop.kiosk, "Nothing waits to be sent", 60)
        till.screenshot(f"{name}-codes")
        # A spare code may just be made in the place of one that was sold.
        till.wait_until("all is sent", lambda: not waiting(shop), 30)
        report.ok(CHECKS[3])

        sales = shop.sales()
        states = {(sale["state"], sale["proof"]) for sale in sales}
        holds = states == {("awaiting", "OPEN")} and sorted(
            sale["url"] for sale in sales
        ) == sorted(read)
        report.check(CHECKS[4], holds, f"{len(sales)} sales, {states}")
        kept = json.loads(shop.command("link", "list", "--json"))
        shown = [link["remote"]["url"] for link in till.rows(kept, "links") if link["state"] == "shown"]
        report.check(CHECKS[5], sorted(shown) == sorted(read), f"{len(shown)} are")


if __name__ == "__main__":
    till.main_guard()
    NAME, KIND = sys.argv[1:]
    REPORT = till.Report(NAME, CHECKS)
    sys.exit(REPORT.run(lambda: scenario(REPORT, NAME, KIND)))
