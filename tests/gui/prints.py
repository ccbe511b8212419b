"""Stickers and receipts on a printer, as people ask for them at the window.

usage: prints.py NAME [WIDTH_MM]
"""

import sys
import time

import till
from counter import Counter, drive

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


def press_slowly(counter, *words):
    """For pages that do not hear the second tap on what stood there before."""
    for word in words:
        till.find(counter.kiosk, word)
        time.sleep(0.5)
        till.press(counter.kiosk, word)


def picture(counter, word, what):
    """Once the window says this."""
    till.find(counter.kiosk, word)
    return counter.photograph(what)


def prints_stickers(counter, report):
    """From the list of codes to two sheets and two lines of the register."""
    counter.press("Codes")
    picture(counter, "Sticker codes", "codes")
    counter.press("Sticker codes", "Espresso,", "Print stickers")
    till.find(counter.kiosk, "The sticker as it will come out")
    other = till.wait_until("a preview", lambda: till.decode(counter.photograph("preview-first")))
    counter.press("Back", "Back")
    picture(counter, "Smørbrød", "stickers")
    counter.press("Smørbrød")
    picture(counter, "Print stickers", "sticker")
    counter.press("Print stickers")
    till.find(counter.kiosk, "The sticker as it will come out")
    counter.press("One more")
    till.find(counter.kiosk, "Print 2")
    preview = counter.photograph("preview")
    links = till.rows(counter.listed("link", "list"), "links")
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
    picture(counter, "Smørbrød", "register")
    counter.press("Smørbrød")
    picture(counter, "It was taken down", "registered")
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
    picture(counter, "Receipt", "paid")
    before = counter.printer.sheets()
    counter.press("Receipt")
    counter.wait_for_sheets(before + 1)
    report.check("the drawer opens", b"\x1bp\x00" in counter.printer.taken, "no pulse")
    report.check("the receipt says that cash was taken", b"PAID in cash" in counter.printer.taken, "")


def answers_a_test_page(counter, report):
    """The questions after a test page, one of them by the scanner."""
    till.wait_until("Sell", lambda: till.is_shown(counter.kiosk, "Codes"))
    counter.press("Codes", "Printer")
    before = counter.printer.sheets()
    counter.press("Print a test page")
    counter.photograph("test-drawer")
    press_slowly(counter, "Print only")
    counter.wait_for_sheets(before + 1)
    picture(counter, "Which is the last row", "test-columns")
    press_slowly(counter, "42")
    picture(counter, "Which of the two codes", "test-codes")
    counter.scan("https://example.com/tillcode/test/raster")
    picture(counter, "Code 2 was read", "test-scanned")

    def answers():
        return counter.listed("printer", "status")[0]["answers"]

    report.check(
        "a scan of the test page's second code answers who draws codes",
        answers().get("code") == "till",
        answers(),
    )
    press_slowly(counter, "Next")
    picture(counter, "Which is the smallest", "test-modules")
    press_slowly(counter, "Next")
    picture(counter, "Which rows of letters", "test-letters")
    press_slowly(counter, "Next")
    picture(counter, "Was the paper cut", "test-cut")
    press_slowly(counter, "Yes")
    picture(counter, "Nothing waits to be printed", "tuned")
    report.check(
        "the answers are in force: the width, and pictures for codes",
        answers() == {"columns": 42, "code": "till", "cutter": True},
        answers(),
    )
    press_slowly(counter, "Print a test page", "Print only", "Forget all answers")
    counter.wait_for_sheets(before + 2)
    till.wait_until("nothing is answered", lambda: answers() == {})
    press_slowly(counter, "Back")
    report.ok("the answers are forgotten")


def asks(counter, report):
    """A printer that never says that it is done."""
    counter.printer.says_numbers = False
    picture(counter, "Print a test page", "printer")
    before = counter.printer.sheets()
    press_slowly(counter, "Print a test page", "Print only", "Back")
    counter.wait_for_sheets(before + 1)
    counter.photograph("printing")
    till.find(counter.kiosk, "Test page counter,", 60)
    till.wait_until("the question", lambda: till.is_shown(counter.kiosk, "Did counter print?"), 90)
    counter.photograph("notice")
    counter.press("Test page counter,")
    picture(counter, "It is here", "question")
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
    press_slowly(counter, "Print a test page", "Print only", "Back")
    picture(counter, "Test page counter, Waits", "paper-out")
    report.check("nothing goes to a printer without paper", counter.printer.sheets() == before, "")
    counter.printer.put_paper_in()
    counter.wait_for_sheets(before + 1)
    till.find(counter.kiosk, "Nothing waits to be printed", 30)
    report.ok("once there is paper it goes on by itself")


def story(counter, report):
    prints_stickers(counter, report)
    prints_a_receipt(counter, report)
    answers_a_test_page(counter, report)
    asks(counter, report)
    waits_for_paper(counter, report)


def main():
    name, width_mm = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 217
    sys.exit(drive(name, CHECKS, lambda: Counter(name, CATALOG, width_mm, drawer=True), story))


if __name__ == "__main__":
    main()
