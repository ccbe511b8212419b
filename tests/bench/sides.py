"""The two programs that are compared, each on a screen of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import instrument
import till

SIZE = (1280, 800)
# What Chromium is started with; nothing in it slows it down, most of it spares it work.
CHROMIUM = (
    "chromium", "--kiosk", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--test-type", f"--window-size={SIZE[0]},{SIZE[1]}", "--window-position=0,0",
)  # fmt: skip
# The name of the first tile, and what leads from Pay to Sell.
TILE = os.environ.get("BENCH_TILE", "Item 00001")
BACK = os.environ.get("BENCH_BACK", "Back")


class Side:
    """A program, its screen, and where to tap."""

    def __init__(self, folder):
        self.folder = folder
        self.stage = instrument.Stage(*SIZE)
        self.process = None
        self.mark = ""

    def start(self, wrapper=()):
        """Starts the program; returns the moment before."""
        self.mark = f"BENCH_MARK={type(self).__name__}-{time.monotonic_ns()}-end"
        key, value = self.mark.split("=")
        environment = {**self.stage.environment, **self.environment(), key: value}
        self.stage.move((SIZE[0] - 1, SIZE[1] - 1))
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [*wrapper, *self.words()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return began

    def environment(self):
        return {}

    def pids(self):
        return instrument.family(self.mark)

    def stop(self):
        if self.process is None:
            return
        # A wrapper such as strace would otherwise leave its program behind.
        for pid in self.pids():
            if pid != self.process.pid:
                subprocess.run(["kill", str(pid)], check=False, stderr=subprocess.DEVNULL)
        till.stop(self.process, 10)
        till.wait_until("all processes to end", lambda: not self.pids(), 15)
        self.process = None

    def close(self):
        try:
            self.stop()
        finally:
            self.stage.close()

    def frame_box(self):
        """A piece of the first tile: when it looks as it finally will, the frame is usable."""
        x, y = self.tile
        return (x - 40, y - 20, 80, 40)

    def learn_frame(self):
        self.start()
        self.stage.wait_for_calm(3.0)
        self.frame = self.stage.pixels(self.frame_box())
        self.stage.screenshot(till.OUT / f"{type(self).__name__}-first.png")
        if len(set(self.frame)) < 4:
            raise till.Failure(f"{type(self).__name__}: the first tile has nothing written on it")
        self.stop()
        time.sleep(0.5)

    def time_to_first_frame(self):
        began = self.start()
        looks = lambda: self.stage.pixels(self.frame_box()) == self.frame  # noqa: E731
        return (self.stage.wait_for("the first usable frame", looks, 60) - began) * 1000


class Theirs(Side):
    """Chromium as a kiosk on a static page."""

    tile, back = (68, 70), (56, 36)

    def environment(self):
        # Each start is a first one, and leaves nothing behind.
        self.profile = tempfile.mkdtemp(prefix="profile-", dir=self.folder)
        return {"TMPDIR": self.profile}

    def words(self):
        page = self.folder / "page" / "index.html"
        return [*CHROMIUM, f"--user-data-dir={self.profile}", page.as_uri()]

    def stop(self):
        super().stop()
        shutil.rmtree(self.profile, ignore_errors=True)


class Ours(Side):
    """Tillcode with a shop of its own and a sandbox beside it."""

    def __init__(self, folder, catalog):
        super().__init__(folder)
        try:
            self.shop = till.Shop()
        except till.Failure:
            self.stage.close()
            raise
        try:
            self.find_places(catalog)
            self.settle()
        except Exception:
            self.close()
            raise

    def find_places(self, catalog):
        self.shop.command("catalog", "import", str(catalog), seconds=300)
        stage = Path(till.HERE) / "stage.sh"
        found = subprocess.run(
            [str(stage), f"{SIZE[0]}x{SIZE[1]}", "/usr/bin/python3",
             str(Path(__file__).with_name("places.py")), *self.place(), TILE, BACK],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(till.HERE)},
        )  # fmt: skip
        if found.returncode != 0:
            raise till.Failure(f"no places to tap: {found.stderr.strip()[-400:]}")
        places = json.loads(found.stdout.splitlines()[-1])
        self.tile, self.back = tuple(places["tile"]), tuple(places["back"])

    def settle(self, longest=900.0):
        """Waits until every product has its code: before that the till is at work, not at rest."""
        self.start()
        count, since = -1, time.monotonic()
        end = since + longest
        while time.monotonic() < end and time.monotonic() - since < 5.0:
            time.sleep(0.5)
            now = len(self.shop.sandbox.links())
            if now != count:
                count, since = now, time.monotonic()
        self.stop()
        print(f"{count} codes are kept on the till", file=sys.stderr, flush=True)

    def place(self):
        return [str(self.shop.config), str(self.shop.data)]

    def words(self):
        config, data = self.place()
        return [till.PROGRAM, "run", "--config", config, "--data", data]

    def close(self):
        super().close()
        self.shop.close(keep_log_as="ours")
