"""Stickers and receipts on a printer, as people ask for them at the window.

usage: prints.py NAME [WIDTH_MM]
"""

import json
import subprocess
import sys
import time

import till
from paper import Printer

CHECKS = (
    "the code on the preview is the sticker's",
    "the preview of another product is that one's",
    "two stickers came out",
    "the code went to the printer",
    "the register knows two stickers, and that one was taken down",
    "the drawer opens",
    "the receipt says that cash was taken",
    "a scan of the test page's second code answers who draws codes",
    "the answers are in force: the width, and pictures for codes",
    "the answers are forgotten",
    "nothing was printed twice by itself",
    "nothing goes to a printer without paper",
    "once there is paper it goes on by itself",
)
CATALOG = (
    "sku,name,category,price,currency\n"
    "ESP,Espresso,Drinks,2.50,EUR\n"
    "SMØ,Smørbrød Čabrinović,Food,9.00,EUR\n"
)
POOL = "\n[pool]\nper_amount = 1\nopen_amount = 0\n"


def section(printer):
    """A till's printer, for everything."""
    return (
        f'{POOL}\n[[printer]]\nname = "counter"\nport = "{printer.path}"\nprofile = "epson-tm-t20"\n'
        "baud = 115200\ndrawer = true\n"
    )


class Counter:
    """A till's window with a printer beside it."""

    def __init__(self, name, width_mm):
        self.name = name
        self.printer = Printer()
        self.shop = till.Shop(width_mm=width_mm, more=section(self.printer))
        file = self.shop.folder / "catalog.csv"
        file.write_text(CATALOG)
        self.shop.command("catalog", "import", str(file))
        self.shop.start()
        till.wait_until("the window", lambda: till.is_shown(self.kiosk, "Espresso,"), 60)
        self.shop.wait_for_codes(2)

    @property
    def kiosk(self):
        return self.shop.kiosk

    def photograph(self, what):
        return till.screenshot(f"{self.name}-{what}")

    def press(self, *words):
        for word in words:
            till.press(self.kiosk, word)

    def press_slowly(self, *words):
        """For pages that do not hear the second tap on what stood there before."""
        for word in words:
            till.find(self.kiosk, word)
            time.sleep(0.5)
            till.press(self.kiosk, word)

    def close(self):
        self.shop.close(keep_log_as=self.name)
        self.printer.close()

    def wait_for_sheets(self, count):
        till.wait_until(f"sheet {count}", lambda: self.printer.sheets() >= count)


def prints_stickers(counter, report):
    """From the list of codes to two sheets and two lines of the register."""
    counter.press("Codes")
    till.find(counter.kiosk, "Sticker codes")
    counter.photograph("codes")
    counter.press("Sticker codes", "Espresso,", "Print stickers")
    till.find(counter.kiosk, "The sticker as it will come out")
    other = till.wait_until("a preview", lambda: till.decode(counter.photograph("preview-first")))
    counter.press("Back", "Back")
    till.find(counter.kiosk, "Smørbrød")
    counter.photograph("stickers")
    counter.press("Smørbrød")
    till.find(counter.kiosk, "Print stickers")
    counter.photograph("sticker")
    counter.press("Print stickers")
    till.find(counter.kiosk, "The sticker as it will come out")
    counter.press("One more")
    till.find(counter.kiosk, "Print 2")
    preview = counter.photograph("preview")
    links = till.rows(json.loads(counter.shop.command("link", "list", "--json")), "links")
    of_it = [link for link in links if link["purpose"] == "permanent" and "Sm" in link["title"]]
    url = next(till.urls(of_it))
    report.check(
        "the code on the preview is the sticker's", url in till.decode(preview), "zbar reads another"
    )
    shown = till.decode(preview)
    report.check(
        "the preview of another product is that one's", url in shown and url not in other, shown
    )
    counter.press("Print 2")
    counter.wait_for_sheets(2)
    report.check("two stickers came out", counter.printer.sheets() == 2, counter.printer.sheets())
    report.check("the code went to the printer", url.encode() in counter.printer.taken, url)
    counter.press("Back")
    till.find(counter.kiosk, "Printed stickers")
    counter.press("Printed stickers")
    till.find(counter.kiosk, "Smørbrød")
    counter.photograph("register")
    counter.press("Smørbrød")
    till.find(counter.kiosk, "It was taken down")
    counter.photograph("registered")
    counter.press("It was taken down")
    till.wait_until(
        "the register",
        lambda: any(name.endswith(", Taken down") for name in till.names(counter.kiosk)),
    )
    counter.press("Back")
    report.ok("the register knows two stickers, and that one was taken down")


def prints_a_receipt(counter, report):
    """A receipt of cash, with the drawer."""
    counter.press("Sell", "Espresso,")
    till.find(counter.kiosk, "Payment code", 30)
    counter.photograph("pay")
    counter.press("Cash")
    till.find(counter.kiosk, "Exact")
    counter.press("Exact", "Take cash")
    till.find(counter.kiosk, "Receipt")
    counter.photograph("paid")
    before = counter.printer.sheets()
    counter.press("Receipt")
    counter.wait_for_sheets(before + 1)
    report.check("the drawer opens", b"\x1bp\x00" in counter.printer.taken, "no pulse")
    report.check("the receipt says that cash was taken", b"PAID in cash" in counter.printer.taken, "")


def scan(code):
    """Types as fast as a scanner does, with its end mark."""
    subprocess.run(["xdotool", "type", "--delay", "1", code], check=True)
    subprocess.run(["xdotool", "key", "Return"], check=True)


def answers_a_test_page(counter, report):
    """The questions after a test page, one of them by the scanner."""
    till.wait_until("Sell", lambda: till.is_shown(counter.kiosk, "Codes"))
    counter.press("Codes", "Printer")
    before = counter.printer.sheets()
    counter.press("Print a test page")
    counter.photograph("test-drawer")
    counter.press_slowly("Print only")
    counter.wait_for_sheets(before + 1)
    till.find(counter.kiosk, "Which is the last row")
    counter.photograph("test-columns")
    counter.press_slowly("42")
    till.find(counter.kiosk, "Which of the two codes")
    counter.photograph("test-codes")
    scan("https://example.com/tillcode/test/raster")
    till.find(counter.kiosk, "Code 2 was read")
    counter.photograph("test-scanned")

    def answers():
        return json.loads(counter.shop.command("printer", "status", "--json"))[0]["answers"]

    report.check(
        "a scan of the test page's second code answers who draws codes",
        answers().get("code") == "till",
        answers(),
    )
    counter.press_slowly("Next")
    till.find(counter.kiosk, "Which is the smallest")
    counter.photograph("test-modules")
    counter.press_slowly("Next")
    till.find(counter.kiosk, "Which rows of letters")
    counter.photograph("test-letters")
    counter.press_slowly("Next")
    till.find(counter.kiosk, "Was the paper cut")
    counter.photograph("test-cut")
    counter.press_slowly("Yes")
    till.find(counter.kiosk, "Nothing waits to be printed")
    counter.photograph("tuned")
    report.check(
        "the answers are in force: the width, and pictures for codes",
        answers() == {"columns": 42, "code": "till", "cutter": True},
        answers(),
    )
    counter.press_slowly("Print a test page", "Print only", "Forget all answers")
    counter.wait_for_sheets(before + 2)
    till.wait_until("nothing is answered", lambda: answers() == {})
    counter.press_slowly("Back")
    report.ok("the answers are forgotten")


def asks(counter, report):
    """A printer that never says that it is done."""
    counter.printer.says_numbers = False
    till.find(counter.kiosk, "Print a test page")
    counter.photograph("printer")
    before = counter.printer.sheets()
    counter.press_slowly("Print a test page", "Print only", "Back")
    counter.wait_for_sheets(before + 1)
    counter.photograph("printing")
    till.find(counter.kiosk, "Test page counter,", 60)
    till.wait_until("the question", lambda: till.is_shown(counter.kiosk, "Did counter print?"), 90)
    counter.photograph("notice")
    counter.press("Test page counter,")
    till.find(counter.kiosk, "It is here")
    counter.photograph("question")
    counter.press("It is here")
    till.find(counter.kiosk, "Nothing waits to be printed")
    report.check(
        "nothing was printed twice by itself", counter.printer.sheets() == before + 1, "twice"
    )


def waits_for_paper(counter, report):
    """Paper is out, and then it is in."""
    counter.printer.has_paper, counter.printer.says_numbers = False, True
    till.wait_until("the trouble", lambda: till.is_shown(counter.kiosk, "Paper is out"), 60)
    before = counter.printer.sheets()
    counter.press_slowly("Print a test page", "Print only", "Back")
    till.find(counter.kiosk, "Test page counter, Waits")
    counter.photograph("paper-out")
    report.check("nothing goes to a printer without paper", counter.printer.sheets() == before, "")
    counter.printer.put_paper_in()
    counter.wait_for_sheets(before + 1)
    till.find(counter.kiosk, "Nothing waits to be printed", 30)
    report.ok("once there is paper it goes on by itself")


def main():
    name, width_mm = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 217
    till.main_guard()
    report = till.Report(name, CHECKS)

    def body():
        counter = Counter(name, width_mm)
        try:
            prints_stickers(counter, report)
            prints_a_receipt(counter, report)
            answers_a_test_page(counter, report)
            asks(counter, report)
            waits_for_paper(counter, report)
        except Exception:
            counter.photograph("failed")
            raise
        finally:
            counter.close()

    sys.exit(report.run(body))


if __name__ == "__main__":
    main()
