"""A till's window with a printer beside it, as the tests of paper use it."""

import json
import subprocess

import till
from paper import Printer

# The till takes one press at a time: the same finger twice within this is one.
REARM = 2.1


def xdotool(*words):
    return subprocess.run(["xdotool", *words], capture_output=True, text=True, check=True).stdout


class Counter:
    """A till, its printer, and what was photographed."""

    def __init__(self, name, catalog, width_mm=217, drawer=False, profile="epson-tm-t20"):
        self.name = name
        self.printer = Printer()
        self.shop = till.Shop(width_mm=width_mm, more=section(self.printer, drawer, profile))
        file = self.shop.folder / "catalog.csv"
        file.write_text(catalog)
        self.shop.command("catalog", "import", str(file))
        self.shop.start()
        till.wait_until("the window", lambda: till.is_shown(self.kiosk, "Espresso,"), 60)
        self.shop.wait_for_codes(len(catalog.splitlines()) - 1)

    @property
    def kiosk(self):
        return self.shop.kiosk

    def photograph(self, what):
        return till.screenshot(f"{self.name}-{what}")

    def press(self, *words):
        for word in words:
            till.press(self.kiosk, word)

    def scan(self, text):
        """What a scanner types into the window, as fast as one does."""
        window = xdotool("search", "--onlyvisible", "--pid", str(self.kiosk.pid)).split()[-1]
        xdotool("windowfocus", "--sync", window)
        xdotool("type", "--delay", "1", text)
        xdotool("key", "Return")

    def listed(self, *words):
        """What a command lists as JSON."""
        return json.loads(self.shop.command(*words, "--json"))

    def wait_for_sheets(self, count):
        till.wait_until(f"sheet {count}", lambda: self.printer.sheets() >= count, 60)

    def close(self):
        self.shop.close(keep_log_as=self.name)
        self.printer.close()


def section(printer, drawer, profile):
    """A till's printer, for everything."""
    more = "drawer = true\n" if drawer else ""
    return (
        "\n[pool]\nper_amount = 1\nopen_amount = 0\n"
        f'\n[[printer]]\nname = "counter"\nport = "{printer.path}"\nprofile = "{profile}"\n'
        f"baud = 115200\n{more}"
    )


def drive(name, checks, make, story):
    """Plays a story at a counter; its checks are the report, and what the window showed at a failure is kept."""
    till.main_guard()
    report = till.Report(name, checks)

    def body():
        counter = make()
        try:
            story(counter, report)
        except Exception:
            counter.photograph("failed")
            raise
        finally:
            counter.close()

    return report.run(body)
