"""One instrument for both sides: a synthetic finger and an eye, both outside of the program.

The finger is XTest, the eye reads a few pixels of the screen over and over (XGetImage). Neither
knows what kind of program it looks at.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from Xlib import X, display
from Xlib.ext import xtest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "gui"))
import till  # noqa: E402  (the reader of codes on screenshots lives beside the other tests)

# How long a finger rests on the glass.
PRESS_SECONDS = 0.02
# Between two looks; the screen's own round trip is about as long.
LOOK_SECONDS = 0.0002


class Stage:
    """A screen with a window manager, for one program."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        reading, writing = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24",
             "-dpi", "96", "-noreset", "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as numbers:
            self.name = ":" + numbers.readline().strip()
        self.environment = {**os.environ, "DISPLAY": self.name, "LC_ALL": "C.UTF-8"}
        # Assistive technology costs time on either side; this comparison is without it.
        for name in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
            self.environment.pop(name, None)
        self.manager = subprocess.Popen(
            ["openbox", "--sm-disable"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.display = display.Display(self.name)
        self.root = self.display.screen().root
        # A wish to fill the screen that comes before the window manager is ready is lost.
        sign = self.display.intern_atom("_NET_SUPPORTING_WM_CHECK")
        till.wait_until(
            "the window manager", lambda: self.root.get_full_property(sign, X.AnyPropertyType)
        )

    def close(self):
        self.display.close()
        till.stop(self.manager)
        till.stop(self.server)

    def pixels(self, box):
        left, top, width, height = box
        return self.root.get_image(left, top, width, height, X.ZPixmap, 0xFFFFFFFF).data

    def move(self, place):
        xtest.fake_input(self.display, X.MotionNotify, x=place[0], y=place[1])
        self.display.sync()

    def tap(self, place):
        """A whole tap; returns the moment at which the finger left the glass."""
        self.move(place)
        xtest.fake_input(self.display, X.ButtonPress, 1)
        self.display.sync()
        time.sleep(PRESS_SECONDS)
        released = time.perf_counter()
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.display.sync()
        return released

    def wait_for(self, what, looks, seconds=20.0):
        """Polls until `looks()` holds; returns that moment."""
        end = time.perf_counter() + seconds
        while not looks():
            if time.perf_counter() > end:
                raise till.Failure(f"{self.name}: waited {seconds:.0f} s for {what}")
            time.sleep(LOOK_SECONDS)
        return time.perf_counter()

    def wait_for_calm(self, seconds=1.0, longest=60.0):
        """Waits until the picture has not changed for a while."""
        whole = (0, 0, self.width, self.height)
        end = time.perf_counter() + longest
        last, since = self.pixels(whole), time.perf_counter()
        while time.perf_counter() - since < seconds and time.perf_counter() < end:
            time.sleep(0.05)
            now = self.pixels(whole)
            if now != last:
                last, since = now, time.perf_counter()

    def screenshot(self, path):
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        return path


class Taps:
    """Taps a place until a code stands on the screen, again and again."""

    def __init__(self, stage, tile, back, picture):
        self.stage, self.tile, self.back = stage, tile, back
        self.times = []
        # Once by eye: where does this program put its code?
        stage.tap(tile)
        stage.wait_for_calm(0.7)
        code = till.Code(stage.screenshot(picture))
        width = 7 * code.module
        row = code.top + 3 * code.module + code.module // 2
        last = code.top + code.side - 4 * code.module + code.module // 2
        # The middle rows of the two left finder patterns: the same for every code of this size,
        # and so far apart that both are there only when the code is there as a whole.
        self.rows = [(code.left, y, width, 1) for y in (row, last)]
        self.shown = [stage.pixels(box) for box in self.rows]
        self.leave()

    def is_shown(self):
        return all(self.stage.pixels(b) == s for b, s in zip(self.rows, self.shown, strict=True))

    def leave(self):
        self.stage.tap(self.back)
        self.stage.wait_for("the code to go", lambda: not self.is_shown())
        # Both programs get the same rest before the next customer.
        time.sleep(0.15)

    def once(self):
        released = self.stage.tap(self.tile)
        seen = self.stage.wait_for("a code", self.is_shown)
        self.times.append((seen - released) * 1000)
        time.sleep(0.03)
        self.leave()


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values):
    return statistics.median(values)


def family(mark):
    """Ids of all processes of a program: those that carry the mark in their environment, wherever
    they were forked, and all their descendants, since some write over their environment."""
    marked, children = set(), {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    marked.add(int(entry.name))
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
            except OSError:
                pass
    found, waiting = set(), list(marked)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting.extend(children.get(pid, []))
    return sorted(found)


def proportional_megabytes(pids):
    """Memory with shared pages split among those who share them."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def cpu_percent(pids, seconds=10):
    before = till.cpu_seconds(pids)
    time.sleep(seconds)
    return (till.cpu_seconds(pids) - before) / seconds * 100
