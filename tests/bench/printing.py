"""How long a sheet takes from the finger to the printer. Prints rows as measure.py does.

usage: printing.py FOLDER [--sheets N]
       printing.py --places CONFIG DATA     under stage.sh: where to tap, as JSON
"""

import argparse
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

SIZE = (1280, 800)
# Between two sheets: the window takes the same press within two seconds for one.
REST_SECONDS = 2.0
# What leads from Sell to a test page, by the beginning of its name.
WAY = ("Codes", "Printer", "Print a test page")
SECTION = '\n[[printer]]\nname = "counter"\nport = "{}"\nprofile = "epson-tm-t20"\nbaud = 115200\n'


def find_places(config, data):
    """By accessible names, before the measurement and not during it."""
    place = ["--config", config, "--data", data]
    kiosk = subprocess.Popen([till.PROGRAM, "run", *place])
    try:
        places = []
        for step in WAY:
            till.find(kiosk, step, 60)
            places.append(till.middle(kiosk, step))
            till.press(kiosk, step)
        till.find(kiosk, "Nothing waits to be printed", 30)
        # What was printed must not have moved it.
        if till.middle(kiosk, WAY[-1]) != places[-1]:
            raise till.Failure(f"{WAY[-1]!r} moves")
        print(json.dumps(places))
    finally:
        till.stop(kiosk)


def places_of(shop):
    found = subprocess.run(
        [str(till.HERE / "stage.sh"), f"{SIZE[0]}x{SIZE[1]}", "/usr/bin/python3", __file__,
         "--places", str(shop.config), str(shop.data)],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if found.returncode != 0:
        raise till.Failure(f"no places to tap: {found.stderr.strip()[-400:]}")
    return [tuple(place) for place in json.loads(found.stdout.splitlines()[-1])]


def timed_printer():
    """A printer that knows when it took the first byte of its last sheet."""
    import paper

    class Timed(paper.Printer):
        first = None

        def _hear(self, piece):
            now, before = time.perf_counter(), len(self.taken)
            super()._hear(piece)
            if self.first is None and len(self.taken) > before:
                self.first = now

    return Timed()


def times_of(stage, places, printer, sheets):
    """In milliseconds, from the moment at which the finger leaves the glass."""
    for place in places[:-1]:
        stage.wait_for_calm(2.0)
        stage.tap(place)
    times = []
    # The first one is not measured: it may wait for the port.
    for number in range(sheets + 1):
        time.sleep(REST_SECONDS)
        stage.wait_for_calm(0.5)
        done, printer.first = printer.sheets(), None
        tapped = stage.tap(places[-1])
        till.wait_until(f"sheet {number}", lambda done=done: printer.sheets() > done)
        times.append((printer.first - tapped) * 1000)
    return times[1:]


def measured(folder, sheets):
    import instrument

    printer = timed_printer()
    shop = till.Shop(more=SECTION.format(printer.path))
    try:
        shop.command("catalog", "import", str(till.CATALOG))
        places = places_of(shop)
        stage = instrument.Stage(*SIZE)
        try:
            shop.environment = stage.environment
            shop.start()
            return times_of(stage, places, printer, sheets)
        except till.Failure:
            stage.screenshot(folder / "printing-failed.png")
            raise
        finally:
            till.stop(shop.kiosk)
            stage.close()
    finally:
        shop.close()
        printer.close()


def main():
    words = argparse.ArgumentParser(description="Tillcode and a printer")
    words.add_argument("folder", type=Path)
    words.add_argument("--sheets", type=int, default=50)
    chosen = words.parse_args()
    import instrument
    import measure

    times = measured(chosen.folder.resolve(), chosen.sheets)
    for name, share in (("p50", 0.50), ("p99", 0.99)):
        measure.row(f"tap to a sheet's first byte at the printer, {name} of {len(times)}",
            instrument.quantile(times, share), None, "ms", 1)  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "gui"))
    import till

    # So that a signal ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if sys.argv[1:2] == ["--places"]:
            till.main_guard()
            find_places(*sys.argv[2:])
        else:
            main()
    except till.Failure as failure:
        sys.exit(f"printing.py: {failure}")
