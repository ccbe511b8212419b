"""Processor time at rest, on Sell and on Pay.

Machines are noisy: the figures are reported, and only a window that never rests fails.

usage: idle.py NAME
"""

import sys
import time

import till

SECONDS = 10
PERCENT_WANTED, PERCENT_MAX = 0.5, 5.0
CHECKS = ("Sell rests", "Pay rests")


def percent_of_a_core(process):
    time.sleep(1.0)  # the last animation and the last answer
    before = till.cpu_seconds([process.pid])
    time.sleep(SECONDS)
    return (till.cpu_seconds([process.pid]) - before) / SECONDS * 100


def scenario(report, name):
    with till.shop(name) as shop:
        shop.start()
        till.find(shop.kiosk, "Espresso,", 60)
        shop.wait_for_codes(wanted=1)
        for check in CHECKS:
            used = percent_of_a_core(shop.kiosk)
            word = "within" if used <= PERCENT_WANTED else "above"
            report.note(f"{check}: {used:.2f} % of a core, {word} the wanted {PERCENT_WANTED} %")
            report.check(check, used <= PERCENT_MAX, f"{used:.1f} % of a core")
            if check == CHECKS[0]:
                till.press(shop.kiosk, "Espresso,")
                till.find(shop.kiosk, "Payment code")


if __name__ == "__main__":
    till.main_guard()
    NAME = sys.argv[1]
    REPORT = till.Report(NAME, CHECKS)
    sys.exit(REPORT.run(lambda: scenario(REPORT, NAME)))
