"""A shop's first day with a printer, at the window: stickers of three products, one verified, a new
price, paper that ends in the middle, and in the end exactly the right labels.

usage: day.py NAME [WIDTH_MM]
"""

import re
import sys
import time

import till
from counter import REARM, Counter, drive

CHECKS = (
    "a printer is chosen, and its test page answered",
    "ten stickers of three products came out, each once",
    "a scanned sticker is good, and nothing was sold",
    "a new price says how many stickers are wrong",
    "wrong stickers come first",
    "without paper nothing more comes out, and the screen says so",
    "with paper the rest comes out by itself, each once",
    "only the wrong stickers were taken down",
)
CATALOG = (
    "sku,name,category,price,currency\n"
    "ESP,Espresso,Drinks,2.50,EUR\n"
    "SOU,Soup,Food,6.50,EUR\n"
    "TEA,Tea,Drinks,2.20,EUR\n"
)
WANTED = (("Espresso", 4), ("Soup", 3), ("Tea", 3))
# What stands on a sticker besides its code: the till's name and a number.
SERIAL = re.compile(rb"[A-Z0-9]{2}-S(\d+)")


def is_wrong(name):
    return "Wrong: now" in name or "Replaced" in name


class Day(Counter):
    """What happens at the counter, and what was seen of it."""

    def __init__(self, name, width_mm):
        # What nobody knows better than the owner: she chooses it at the window.
        super().__init__(name, CATALOG, width_mm, profile="generic-58")

    def listed_stickers(self):
        """What the register says of each, as far as it is on the screen."""
        return [name for name in till.names(self.kiosk) if "-S" in name]

    def serials(self):
        """The numbers of the stickers that came out, as often as they did."""
        return sorted(int(number) for number in SERIAL.findall(self.printer.taken))

    def stickers(self):
        return till.rows(self.listed("sticker", "list"), "stickers")

    def want(self, product, copies):
        """From the list of codes to a number of stickers, and back."""
        self.press(f"{product},", "Print stickers")
        till.find(self.kiosk, "The sticker as it will come out")
        for count in range(2, copies + 1):
            self.press("One more")
            till.find(self.kiosk, f"Print {count}")
        time.sleep(REARM)
        self.press(f"Print {copies}")
        till.find(self.kiosk, "Switch off")
        self.press("Back")

    def chooses_a_printer(self, report):
        """Where it is she leaves; what it is she says. A test page shows that she is right."""
        self.press("Codes", "Printer", "Set up a printer")
        till.find(self.kiosk, "Which printer?")
        time.sleep(0.5)
        self.press("counter,")
        till.find(self.kiosk, "Where is it plugged in?")
        self.photograph("where")
        time.sleep(0.5)
        self.press("Where it is now")
        till.find(self.kiosk, "What kind is it?")
        self.photograph("kind")
        time.sleep(0.5)
        self.press("Epson TM-T20,")
        till.find(self.kiosk, "What is it for?")
        self.photograph("use")
        time.sleep(0.5)
        self.press("Receipts and stickers")
        till.find(self.kiosk, "Epson TM-T20 · ")
        self.photograph("chosen")
        time.sleep(REARM)
        self.press("Print a test page")
        self.wait_for_sheets(1)
        till.find(self.kiosk, "Which is the last row")
        time.sleep(0.5)
        self.press("48")
        till.find(self.kiosk, "Which of the two codes")
        time.sleep(0.5)
        self.press("Back")
        till.find(self.kiosk, "Nothing waits to be printed", 60)
        counter = self.listed("printer", "status")[0]
        report.check(
            "a printer is chosen, and its test page answered",
            counter["title"] == "Epson TM-T20" and counter["answers"] == {"columns": 48},
            counter,
        )
        self.press("Back")

    def prints(self, report):
        self.press("Sticker codes")
        till.find(self.kiosk, "Espresso,")
        wanted = self.printer.sheets()
        for product, copies in WANTED:
            self.want(product, copies)
            wanted += copies
            self.wait_for_sheets(wanted)
        report.check(
            "ten stickers of three products came out, each once",
            self.serials() == list(range(1, 11)),
            self.serials(),
        )

    def verifies(self, report):
        tea = next(each for each in self.stickers() if each["title"] == "Tea")
        self.scan(tea["url"])
        till.find(self.kiosk, "Tea, 2.20 €: this sticker is good")
        self.photograph("good")
        report.check(
            "a scanned sticker is good, and nothing was sold", not self.shop.sales(), "a sale"
        )

    def changes_a_price(self, report):
        self.shop.command("product", "set", "ESP", "--price", "2.80")
        till.wait_until("the wrong ones", lambda: till.is_shown(self.kiosk, "Wrong stickers: 4"))
        self.photograph("wrong")
        report.ok("a new price says how many stickers are wrong")
        time.sleep(REARM)
        self.press("Wrong stickers: 4")
        till.find(self.kiosk, "Espresso")
        listed = self.listed_stickers()
        wrong = [is_wrong(name) for name in listed]
        self.photograph("register")
        report.check(
            "wrong stickers come first",
            wrong and wrong == [place < 4 for place in range(len(wrong))],
            listed,
        )
        self.press("Back")

    def replaces(self, report):
        """The paper ends in the middle of the four new ones."""
        printed = self.printer.sheets()
        self.shop.wait_for_codes(4)
        till.find(self.kiosk, "Espresso, 2.80 €")
        self.printer.ends_after(1)
        self.want("Espresso", 4)
        self.wait_for_sheets(printed + 1)
        self.press("Codes", "Printer")
        till.find(self.kiosk, "Paper is out", 60)
        self.photograph("paper-out")
        time.sleep(2.0)
        report.check(
            "without paper nothing more comes out, and the screen says so",
            self.printer.sheets() == printed + 1,
            self.printer.sheets(),
        )
        self.printer.put_paper_in()
        self.wait_for_sheets(printed + 4)
        # It stopped amid one of them: somebody looks at it.
        till.press(self.kiosk, "Sticker Espresso", 60)
        till.find(self.kiosk, "It is here")
        self.photograph("stopped")
        time.sleep(REARM)
        self.press("It is here")
        till.find(self.kiosk, "Nothing waits to be printed", 60)
        report.check(
            "with paper the rest comes out by itself, each once",
            self.serials() == list(range(1, 15)),
            self.serials(),
        )

    def takes_down(self, report):
        self.press("Codes", "Sticker codes")
        for left in (3, 2, 1, 0):
            self.press(f"Wrong stickers: {left + 1}")
            # The list is read once a second: the one before may still stand there.
            first = till.wait_until("a wrong one", lambda: next(filter(is_wrong, self.listed_stickers()), None))
            till.press(self.kiosk, first, whole=True)
            till.find(self.kiosk, "It was taken down")
            if left == 3:
                self.photograph("registered")
            time.sleep(REARM)
            self.press("It was taken down")
            till.find(self.kiosk, "Back")
            self.press("Back")
            words = f"Wrong stickers: {left}" if left else "Printed stickers"
            till.find(self.kiosk, words)
        down = {each["serial"] for each in self.stickers() if each["verdict"] == "taken_down"}
        good = [each for each in self.stickers() if each["verdict"] == "good"]
        report.check(
            "only the wrong stickers were taken down",
            {int(serial.split("-S")[1]) for serial in down} == {1, 2, 3, 4} and len(good) == 10,
            sorted(down),
        )


def story(day, report):
    day.chooses_a_printer(report)
    day.prints(report)
    day.verifies(report)
    day.changes_a_price(report)
    day.replaces(report)
    day.takes_down(report)


def main():
    name, width_mm = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 217
    sys.exit(drive(name, CHECKS, lambda: Day(name, width_mm), story))


if __name__ == "__main__":
    main()
