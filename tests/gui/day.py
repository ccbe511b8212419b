"""A shop's first day with a printer, at the window: stickers of three products, one verified, a new
price, paper that ends in the middle, and in the end exactly the right labels.

usage: day.py NAME
"""

import json
import re
import subprocess
import sys
import time

import till
from paper import Printer

CHECKS = (
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
# The till takes one press at a time: the same finger twice within this is one.
REARM = 2.1


def section(printer):
    return (
        "\n[pool]\nper_amount = 1\nopen_amount = 0\n"
        f'\n[[printer]]\nname = "counter"\nport = "{printer.path}"\nprofile = "epson-tm-t20"\nbaud = 115200\n'
    )


def xdotool(*words):
    return subprocess.run(["xdotool", *words], capture_output=True, text=True, check=True).stdout


def scan(process, text):
    """What a scanner types into the kiosk's window."""
    window = xdotool("search", "--onlyvisible", "--pid", str(process.pid)).split()[-1]
    xdotool("windowfocus", "--sync", window)
    xdotool("type", "--delay", "1", text)
    xdotool("key", "Return")


class Day:
    """A till, its printer, and what was seen."""

    def __init__(self, name, report):
        self.name, self.report = name, report
        self.printer = Printer()
        self.shop = till.Shop(more=section(self.printer))
        file = self.shop.folder / "catalog.csv"
        file.write_text(CATALOG)
        self.shop.command("catalog", "import", str(file))
        self.shop.start()
        till.wait_until("the window", lambda: till.is_shown(self.kiosk, "Espresso,"), 60)
        self.shop.wait_for_codes(3)

    @property
    def kiosk(self):
        return self.shop.kiosk

    def photograph(self, what):
        return till.screenshot(f"{self.name}-{what}")

    def press(self, *words):
        for word in words:
            till.press(self.kiosk, word)

    def close(self):
        self.shop.close(keep_log_as=self.name)
        self.printer.close()

    def serials(self):
        """The numbers of the stickers that came out, as often as they did."""
        return sorted(int(number) for number in SERIAL.findall(self.printer.taken))

    def stickers(self):
        return till.rows(json.loads(self.shop.command("sticker", "list", "--json")), "stickers")

    def wait_for_sheets(self, count):
        till.wait_until(f"sheet {count}", lambda: self.printer.sheets() >= count, 60)

    def want(self, product, copies):
        """From the list of codes to a number of stickers, and back."""
        self.press(f"{product},", "Print stickers")
        till.find(self.kiosk, "The sticker as it will come out")
        for count in range(2, copies + 1):
            self.press("One more")
            till.find(self.kiosk, f"Print {count}")
        time.sleep(REARM)
        self.press(f"Print {copies}", "Back")

    def prints(self):
        self.press("Codes", "Sticker codes")
        till.find(self.kiosk, "Espresso,")
        wanted = 0
        for product, copies in WANTED:
            self.want(product, copies)
            wanted += copies
            self.wait_for_sheets(wanted)
        self.report.check(
            "ten stickers of three products came out, each once",
            self.serials() == list(range(1, 11)),
            self.serials(),
        )

    def verifies(self):
        tea = next(each for each in self.stickers() if each["title"] == "Tea")
        scan(self.kiosk, tea["url"])
        till.find(self.kiosk, "Tea, 2.20 €: this sticker is good")
        self.photograph("good")
        self.report.check(
            "a scanned sticker is good, and nothing was sold", not self.shop.sales(), "a sale"
        )

    def changes_a_price(self):
        self.shop.command("product", "set", "ESP", "--price", "2.80")
        till.wait_until("the wrong ones", lambda: till.is_shown(self.kiosk, "Wrong stickers: 4"))
        self.photograph("wrong")
        self.report.ok("a new price says how many stickers are wrong")
        time.sleep(REARM)
        self.press("Wrong stickers: 4")
        till.find(self.kiosk, "Espresso")
        listed = [name for name in till.names(self.kiosk) if "-S" in name]
        wrong = ["Wrong: now" in name or "Replaced" in name for name in listed]
        self.photograph("register")
        self.report.check(
            "wrong stickers come first",
            wrong[:4] == [True] * 4 and not any(wrong[4:]),
            listed,
        )
        self.press("Back")

    def replaces(self):
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
        self.report.check(
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
        self.report.check(
            "with paper the rest comes out by itself, each once",
            self.serials() == list(range(1, 15)),
            self.serials(),
        )

    def takes_down(self):
        self.press("Codes", "Sticker codes")
        for left in (3, 2, 1, 0):
            self.press(f"Wrong stickers: {left + 1}")
            till.find(self.kiosk, "Espresso")
            first = next(name for name in till.names(self.kiosk) if "-S" in name)
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
        self.report.check(
            "only the wrong stickers were taken down",
            {int(serial.split("-S")[1]) for serial in down} == {1, 2, 3, 4} and len(good) == 10,
            sorted(down),
        )


def main():
    name = sys.argv[1]
    till.main_guard()
    report = till.Report(name, CHECKS)

    def body():
        day = Day(name, report)
        try:
            day.prints()
            day.verifies()
            day.changes_a_price()
            day.replaces()
            day.takes_down()
        except Exception:
            day.photograph("failed")
            raise
        finally:
            day.close()

    sys.exit(report.run(body))


if __name__ == "__main__":
    main()
