"""Drives the till's window as a person with a screen reader would: by what its controls say.

Nothing here knows how the till works inside. Controls are found by their accessible names, codes
are read off screenshots by zbar, sales and links are asked from the till's own commands.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from decimal import Decimal
from pathlib import Path

import numpy
from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = os.environ.get("TILL_PROGRAM", str(ROOT / "target" / "debug" / "tillcode"))
OUT = Path(os.environ.get("TILL_OUT", ROOT / "target" / "gui"))
CATALOG = ROOT / "tests" / "data" / "gui-catalog.csv"
# White modules that belong around every code (ISO/IEC 18004).
QUIET_ZONE = 4


class Failure(Exception):
    """The till did not do what it should."""


class Report:
    """Says the result of every planned check; what was not reached has failed."""

    def __init__(self, prefix, checks):
        self.prefix, self.open, self.failed = prefix, list(checks), 0

    def ok(self, check):
        self.open.remove(check)
        print(f"ok {self.prefix}: {check}", flush=True)

    def fail(self, check, why):
        if check in self.open:
            self.open.remove(check)
        self.failed += 1
        print(f"failed {self.prefix}: {check}: {' '.join(str(why).split())}", flush=True)

    def check(self, check, holds, why):
        if holds:
            self.ok(check)
        else:
            self.fail(check, why)

    def note(self, text):
        print(f"note {self.prefix}: {text}", flush=True)

    def run(self, body):
        """Runs the scenario and returns the exit status."""
        why = "not reached"
        try:
            body()
        except Exception as error:  # whatever went wrong, the rest of the checks did not run
            why = f"not reached: {type(error).__name__}: {error}"
        for check in list(self.open):
            self.fail(check, why)
            why = "not reached"
        return 1 if self.failed else 0


def wait_until(what, condition, seconds=20.0, every=0.05):
    """The condition's first true value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"waited {seconds:.0f} s for {what}")
        time.sleep(every)


# --- programs -------------------------------------------------------------------------------------


def stop(process, seconds=5.0):
    """Ends a process that was started here."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Sandbox:
    """The simulated providers, as a process of their own that can be taken away."""

    def __init__(self, log, environment=None):
        self.process = subprocess.Popen(
            [PROGRAM, "sandbox", "--listen", "127.0.0.1:0", "--seed", "7"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        )
        line = self.process.stdout.readline()
        if not line:
            raise Failure("the sandbox ended without saying where it listens")
        self.address = json.loads(line)["listening"]

    def links(self):
        with urllib.request.urlopen(f"{self.address}/sandbox/links", timeout=5) as answer:
            return json.load(answer)

    def ask(self, method, path, document=None, headers=None):
        """Any other request, as JSON; for what an owner does in a provider's console."""
        request = urllib.request.Request(
            f"{self.address}{path}",
            method=method,
            data=None if document is None else json.dumps(document).encode(),
            headers={"content-type": "application/json", **(headers or {})},
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def stop(self):
        stop(self.process)


# A payment account's keys in the configuration, by its kind; `{key}` is a file with what any sandbox
# takes.
ACCOUNTS = {
    "4pay": 'kind = "4pay"\napi_key = {{ file = "{key}" }}\n',
    "4geeks": 'kind = "4geeks"\napi_key = {{ file = "{key}" }}\n',
    "altapay": 'kind = "altapay"\nusername = "shop"\npassword = {{ file = "{key}" }}\n',
    "devdraft": (
        'kind = "devdraft"\nclient_key = {{ file = "{key}" }}\nclient_secret = {{ file = "{key}" }}\n'
    ),
}


class Shop:
    """A folder with configuration, key and data, the sandbox and the kiosk's process.

    `account` holds the account's kind and keys, `more` further sections of the configuration;
    `environment` is that of every program, where it is not this one's.
    """

    def __init__(self, theme="light", width_mm=217, account=ACCOUNTS["4pay"], more="", environment=None):
        self.folder = Path(tempfile.mkdtemp(prefix="till-"))
        self.environment = environment
        self.log = open(self.folder / "log", "w", encoding="utf-8")
        self.kiosk = None
        try:
            self.sandbox = Sandbox(self.log, environment)
        except Exception as error:
            said = self.last_words()
            self.forget()
            raise Failure(f"{error}: {said}") from error
        key = self.folder / "key"
        key.write_text("test-key\n")
        key.chmod(0o600)
        self.data = self.folder / "data"
        self.config = self.folder / "terminal.toml"
        self.config.write_text(
            "[shop]\n"
            'name = "Corner"\ncurrency = "EUR"\nlocale = "en"\ntimezone = "Europe/Berlin"\n\n'
            f'[terminal]\ndata_dir = "{self.data}"\n\n'
            "[[backend]]\n"
            f'name = "main"\nbase_url = "{self.sandbox.address}"\nmode = "test"\n'
            f"{account.format(key=key)}\n"
            f'[display]\nfullscreen = true\nwidth_mm = {width_mm}\ntheme = "{theme}"\n'
            f"{more}"
        )

    def command(self, *words, seconds=60):
        """What a subcommand prints."""
        place = ["--config", str(self.config), "--data", str(self.data)]
        done = subprocess.run(
            [PROGRAM, *words, *place],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            env=self.environment,
        )
        if done.returncode != 0:
            said = done.stderr.strip() or done.stdout.strip()
            raise Failure(f"`tillcode {' '.join(words)}` ended with {done.returncode}: {said}")
        return done.stdout

    def start(self, wrapper=()):
        """Starts the kiosk; `wrapper` is a program to run it under."""
        self.kiosk = subprocess.Popen(
            [*wrapper, PROGRAM, "run", "--config", str(self.config), "--data", str(self.data)],
            stdout=self.log,
            stderr=self.log,
            env=self.environment,
        )

    def kill(self):
        """What a pulled plug does to the process."""
        self.kiosk.send_signal(signal.SIGKILL)
        self.kiosk.wait()

    def sales(self):
        return rows(json.loads(self.command("sale", "list", "--json")), "sales")

    def wait_for_codes(self, wanted, seconds=90):
        """Waits until the till holds at least `wanted` links and no more are coming."""
        seen, since = -1, time.monotonic()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.kiosk.poll() is not None:
                raise Failure(f"the kiosk ended with {self.kiosk.returncode}: {self.last_words()}")
            made = {link["url"] for link in self.sandbox.links()}
            if len(made) != seen:
                seen, since = len(made), time.monotonic()
            elif seen >= wanted and time.monotonic() - since > 2.0:
                # Minted is not enough: the answers must have reached the till's database.
                kept = set(urls(json.loads(self.command("link", "list", "--json"))))
                if made <= kept:
                    return
            time.sleep(0.2)
        raise Failure(f"after {seconds} s there are {seen} links, {wanted} were wanted")

    def last_words(self):
        self.log.flush()
        text = (self.folder / "log").read_text(errors="replace").strip().splitlines()
        return " / ".join(text[-3:])

    def close(self, keep_log_as=None):
        stop(self.kiosk)
        self.sandbox.stop()
        self.log.close()
        if keep_log_as is not None:
            OUT.mkdir(parents=True, exist_ok=True)
            (OUT / f"{keep_log_as}.log").write_bytes((self.folder / "log").read_bytes())
        self.forget()

    def forget(self):
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def shop(name, **settings):
    """A shop with the test catalog, closed whatever happens."""
    place = Shop(**settings)
    try:
        place.command("catalog", "import", str(CATALOG))
        yield place
    finally:
        place.close(keep_log_as=name)


def rows(document, key):
    """The rows of a listing, whether it is a bare list or sits under its name."""
    return document if isinstance(document, list) else document[key]


def urls(document):
    """Every `url` in a JSON document."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key == "url" and isinstance(value, str):
                yield value
            else:
                yield from urls(value)
    elif isinstance(document, list):
        for value in document:
            yield from urls(value)


def minor_units(amount):
    """A two-decimal amount in minor units: as Tillcode writes it, as a whole number, as a decimal."""
    if isinstance(amount, dict):
        return int(amount["minor"])
    if isinstance(amount, int):
        return amount
    return int(Decimal(str(amount)) * 100)


# --- the window -----------------------------------------------------------------------------------


def nodes(process):
    """Every accessible element of the process's windows; what vanishes meanwhile is left out."""
    import pyatspi  # only here: the module connects to the bus as soon as it is loaded

    def walk(node):
        yield node
        try:
            children = list(node)
        except Exception:
            return
        for child in children:
            if child is not None:
                yield from walk(child)

    with contextlib.suppress(Exception):
        for app in pyatspi.Registry.getDesktop(0):
            if app is None:
                continue
            with contextlib.suppress(Exception):
                if process is None or app.get_process_id() in family(process.pid):
                    yield from walk(app)


def family(pid):
    """A process and everything that descends from it: the kiosk may run under a wrapper."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                parents[int(entry.name)] = int(stat[1])
    known = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in known} - known
        if not more:
            return known
        known |= more


def name_of(node):
    try:
        return node.name or ""
    except Exception:
        return ""


def find_now(process, beginning):
    """The first element whose name begins so, or none."""
    return next((n for n in nodes(process) if name_of(n).startswith(beginning)), None)


def says(process, words):
    """Whether some element's name is just these words."""
    return any(name_of(node) == words for node in nodes(process))


def names(process):
    """Whatever the window says now."""
    return [name for name in map(name_of, nodes(process)) if name]


def find(process, beginning, seconds=20.0):
    """The first element whose name begins so; waits for it as long as the process lives."""

    def look():
        if process.poll() is not None:
            raise Failure(f"the program ended with {process.returncode}")
        return find_now(process, beginning)

    return wait_until(f"an element named {beginning!r}…", look, seconds)


def is_shown(process, beginning):
    return find_now(process, beginning) is not None


def press(process, beginning, seconds=20.0, whole=False):
    """Presses the control as assistive technology does: the first whose name begins so, or is so."""
    deadline = time.monotonic() + seconds
    while True:
        find(process, beginning, max(0.1, deadline - time.monotonic()))
        for node in nodes(process):
            name = name_of(node)
            if not (name == beginning if whole else name.startswith(beginning)):
                continue
            try:
                # A control that was not ready when the tree was last read has no action there.
                node.clear_cache()
                if node.queryAction().doAction(0):
                    return
            except Exception:
                break  # no control, or the screen changed between finding and pressing
            break
        if time.monotonic() > deadline:
            raise Failure(f"{beginning!r} cannot be pressed")
        time.sleep(0.05)


def middle(process, beginning, seconds=20.0):
    """The middle of an element on the screen, for programs that press with a pointer."""
    import pyatspi

    box = find(process, beginning, seconds).queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    return box.x + box.width // 2, box.y + box.height // 2


def cpu_seconds(pids):
    """Processor time that the processes have used so far."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK")


# --- the screen -----------------------------------------------------------------------------------


def screenshot(name):
    """The whole screen, kept as a file."""
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}.png"
    subprocess.run(["import", "-window", "root", str(path)], check=True, timeout=30)
    return path


def brightness(path):
    """The middle brightness of a picture, from 0 to 255."""
    return float(numpy.median(numpy.asarray(Image.open(path).convert("L"))))


def decode(path):
    """Every QR code that zbar reads in a picture."""
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return done.stdout.split()


class Code:
    """The payment code on the screen, measured in pixels.

    It is found by its three finder patterns: rows that run 1:1:3:1:1 in pure black and white. A code
    whose modules are not whole pixels has no such rows, and that is a failure of its own.
    """

    def __init__(self, path):
        picture = numpy.asarray(Image.open(path).convert("RGB"))
        self.screen_height, self.screen_width = picture.shape[:2]
        self.black = (picture == 0).all(axis=2)
        self.white = (picture == 255).all(axis=2)
        blocks = self._finder_blocks()
        self.module = max((module for _, _, module in blocks), default=0)
        corners = [(column, row) for column, row, module in blocks if module == self.module]
        if len(corners) != 3:
            raise Failure(f"{len(corners)} finder patterns of whole pixels, one code has three")
        self.left, self.top = min(x for x, _ in corners), min(y for _, y in corners)
        self.side = max(x for x, _ in corners) + 7 * self.module - self.left
        height = max(y for _, y in corners) + 7 * self.module - self.top
        self.is_square = self.side == height

    def _finder_blocks(self):
        """Left, top and module size of everything that looks like a finder pattern."""
        rows_of = {}
        for row in range(self.screen_height):
            line = self.black[row].astype(numpy.int8)
            edges = numpy.flatnonzero(numpy.diff(line, prepend=0, append=0))
            runs = numpy.diff(edges)
            # Runs alternate black, white, black …, and the first one is black.
            for first in range(0, len(runs) - 4, 2):
                module = int(runs[first])
                if (runs[first : first + 5] == [module, module, 3 * module, module, module]).all():
                    rows_of.setdefault((int(edges[first]), module), []).append(row)
        blocks = []
        for (column, module), rows_found in rows_of.items():
            together = numpy.split(
                numpy.array(rows_found), numpy.flatnonzero(numpy.diff(rows_found) != 1) + 1
            )
            # The inner square is three modules high, and two modules lie above it.
            blocks += [
                (column, int(block[0]) - 2 * module, module)
                for block in together
                if len(block) == 3 * module and module > 1
            ]
        return blocks

    @property
    def modules(self):
        return self.side // self.module

    def share_of_screen(self):
        """The dark part's side beside the screen's shorter side."""
        return self.side / min(self.screen_width, self.screen_height)

    def has_whole_modules(self):
        """Every module is one square of whole pixels, pure black or pure white."""
        if not self.is_square or self.side % self.module:
            return False
        if self.modules < 21 or (self.modules - 17) % 4:
            return False
        area = slice(self.top, self.top + self.side), slice(self.left, self.left + self.side)
        shape = (self.modules, self.module, self.modules, self.module)
        dark = self.black[area].reshape(shape).all(axis=(1, 3))
        light = self.white[area].reshape(shape).all(axis=(1, 3))
        return bool((dark ^ light).all())

    def has_quiet_zone(self):
        """Four modules of pure white on all sides."""
        width = QUIET_ZONE * self.module
        left, top = self.left - width, self.top - width
        right, bottom = self.left + self.side + width, self.top + self.side + width
        if left < 0 or top < 0:
            return False
        if right > self.screen_width or bottom > self.screen_height:
            return False
        ring = self.white[top:bottom, left:right].copy()
        ring[width:-width, width:-width] = True
        return bool(ring.all())


def main_guard():
    """A clear sentence where the screen is missing; and what was started ends with this program."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if "DISPLAY" not in os.environ:
        sys.exit("no screen: run this under tests/gui/stage.sh")
