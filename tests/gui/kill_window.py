"""kill -9 while somebody sells: every code that was on the screen is on disk, none serves twice.

A robot taps, photographs the screen and goes back, as fast as it can. At a random moment the kiosk
is killed. Whatever zbar reads on the photographs was shown to a customer, so the database must know
it, now and after all later kills.

usage: kill_window.py NAME [KILLS]
"""

import random
import sys
import threading
import time

import till

PRODUCTS = ("Espresso,", "Cappuccino,", "Croissant,")
CHECKS = (
    "the till starts again after every kill",
    "codes were on the screen",
    "every code that was on the screen is on disk",
    "no code was shown for two taps",
    "no link belongs to two sales",
)


def begin(shop):
    """Starts the kiosk and leads it to Sell, wherever it resumed."""
    shop.start()
    till.wait_until(
        "the window",
        lambda: till.is_shown(shop.kiosk, PRODUCTS[0]) or till.is_shown(shop.kiosk, "Back"),
        60,
    )
    if till.is_shown(shop.kiosk, "Payment code"):
        till.press(shop.kiosk, "Back")
    till.find(shop.kiosk, PRODUCTS[0])


def sell_until_killed(shop, name, rnd):
    """One tap after the other; returns the photographs of Pay."""
    photographs = []
    while shop.kiosk.poll() is None:
        try:
            till.press(shop.kiosk, rnd.choice(PRODUCTS), 5)
            till.find(shop.kiosk, "Payment code", 10)
            photographs.append(till.screenshot(f"{name}-{len(photographs)}"))
            till.press(shop.kiosk, "Back", 5)
            till.wait_until(
                "Sell", lambda: not till.is_shown(shop.kiosk, "Payment code"), 5
            )
        except till.Failure:
            # Dead is what it should be; alive but deaf is a fault of the till.
            time.sleep(0.3)
            if shop.kiosk.poll() is None:
                raise
    return photographs


def scenario(report, name, kills):
    rnd = random.Random(5)
    taps, starts = [], 0
    with till.shop(name) as shop:
        for number in range(kills):
            begin(shop)
            if number == 0:
                shop.wait_for_codes(wanted=len(PRODUCTS))
            starts += 1
            killer = threading.Timer(rnd.uniform(0.05, 4.0), shop.kill)
            killer.start()
            try:
                photographs = sell_until_killed(shop, f"{name}-{number}", rnd)
            finally:
                killer.join()
            shown = [code for path in photographs for code in till.decode(path)[:1]]
            taps += shown
            for path in photographs:
                path.unlink()
        report.check(CHECKS[0], starts == kills, f"{starts} of {kills}")
        report.note(f"{kills} kills, {len(taps)} codes read off the screen")
        report.check(CHECKS[1], len(taps) >= kills // 2, f"only {len(taps)}")
        on_disk = [sale["url"] for sale in shop.sales() if sale.get("url")]
        lost = set(taps) - set(on_disk)
        report.check(CHECKS[2], not lost, f"lost: {sorted(lost)}")
        twice = {code for code in taps if taps.count(code) > 1}
        report.check(CHECKS[3], not twice, f"twice: {sorted(twice)}")
        shared = {url for url in on_disk if on_disk.count(url) > 1}
        report.check(CHECKS[4], not shared, f"shared: {sorted(shared)}")


if __name__ == "__main__":
    till.main_guard()
    NAME = sys.argv[1]
    KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    REPORT = till.Report(NAME, CHECKS)
    sys.exit(REPORT.run(lambda: scenario(REPORT, NAME, KILLS)))
