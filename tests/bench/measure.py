"""Measures Tillcode beside Chromium and prints Markdown rows: measure, ours, theirs, ratio.

Both run at the same time, on one screen each, and are tapped in turns, so that whatever else the
machine does meets both.

usage: measure.py FOLDER [--taps N] [--starts N] [--only theirs]
"""

import argparse
import signal
import subprocess
import sys
import time
from pathlib import Path

import instrument
import sides
import till

DISKS_MS = (5, 30)
# The most spare codes of one sum that a till keeps; each tap without a network uses one up.
SPARES_MAX = 50


def row(measure, ours, theirs, unit, digits=0):
    """A larger ratio is better for us."""
    written = [f"{value:,.{digits}f} {unit}" if value is not None else "–" for value in (ours, theirs)]
    # Below what can be measured there is nothing to divide.
    known = ours and theirs
    ratio = f"{theirs / ours:.1f} ×" if known else "–"
    print(f"| {measure} | {written[0]} | {written[1]} | {ratio} |", flush=True)


def write_catalog(path, products):
    """Products at one price; the first in the catalog's order is `Item 00001`."""
    with open(path, "w", encoding="utf-8") as out:
        out.write("sku,name,category,price,currency,barcode,picture\n")
        for number in range(1, products + 1):
            group = f"Group {(number - 1) // 500:03}"
            out.write(f"S{number:05},Item {number:05},{group},1.00,EUR,,\n")
    return path


def both(ours, theirs, what):
    """The same measurement on either side; none where a side is left out."""
    return tuple(what(side) if side is not None else None for side in (ours, theirs))


def starts(ours, theirs, times):
    present = [side for side in (ours, theirs) if side is not None]
    found = {side: [] for side in present}
    for side in present:
        side.learn_frame()
    for _ in range(times):
        for side in present:
            found[side].append(side.time_to_first_frame())
            side.stop()
            time.sleep(1.0)
    row("start to first usable frame (10,000 products / 60 buttons), median",
        *both(ours, theirs, lambda side: instrument.median(found[side])), "ms")  # fmt: skip


def rest(ours, theirs):
    """Memory and processor time of all processes of a side, nobody near the screen."""
    for side in (ours, theirs):
        if side is not None:
            side.start()
            side.stage.wait_for_calm(3.0)
    time.sleep(5)
    row("memory at rest (PSS of all processes)",
        *both(ours, theirs, lambda side: instrument.proportional_megabytes(side.pids())), "MB")
    row("processor at rest, of one core",
        *both(ours, theirs, lambda side: instrument.cpu_percent(side.pids())), "%", 2)  # fmt: skip


def taps(ours, theirs, folder, count):
    """Tapped in turns: ours, theirs, ours, theirs."""
    present = [side for side in (ours, theirs) if side is not None]
    hands = {
        side: instrument.Taps(
            side.stage, side.tile, side.back, folder / f"{type(side).__name__}-pay.png"
        )
        for side in present
    }
    for _ in range(count):
        for side in present:
            hands[side].once()
    for name, pick in (
        ("p50", lambda times: instrument.quantile(times, 0.50)),
        ("p99", lambda times: instrument.quantile(times, 0.99)),
        ("worst", max),
    ):
        row(f"tap to code on the screen, {name} of {count}",
            *both(ours, theirs, lambda side, pick=pick: pick(hands[side].times)), "ms", 1)  # fmt: skip
    return hands


# What a few lines of Python do with the same file: no rules checked, one transaction.
PLAIN_IMPORT = """
import csv, sqlite3, sys
db = sqlite3.connect(sys.argv[2])
db.executescript("pragma journal_mode=wal; pragma synchronous=full;"
    "create table product(sku primary key, name, category, price, currency, barcode, picture)")
with open(sys.argv[1], encoding="utf-8", newline="") as rows:
    reader = csv.reader(rows)
    next(reader)
    db.executemany("insert or replace into product values(?,?,?,?,?,?,?)", reader)
db.commit()
"""


def importing(folder, rows):
    """A large file into an empty shop, with nobody selling."""
    catalog = write_catalog(folder / "large.csv", rows)
    plain = folder / "plain.db"
    for path in folder.glob("plain.db*"):
        path.unlink()
    began = time.perf_counter()
    subprocess.run(["/usr/bin/python3", "-c", PLAIN_IMPORT, catalog, plain], check=True)
    theirs = time.perf_counter() - began
    shop = till.Shop()
    try:
        began = time.perf_counter()
        shop.command("catalog", "import", str(catalog), seconds=300)
        ours = time.perf_counter() - began
    finally:
        shop.close()
    row(f"import of {rows:,} products, beside a plain Python script", ours, theirs, "s", 2)


def while_importing(ours, folder, rows):
    """Taps on our side while a large file comes in; the other side has no import."""
    catalog = write_catalog(folder / "large.csv", rows)
    hand = instrument.Taps(ours.stage, ours.tile, ours.back, folder / "import-pay.png")
    place = ["--config", str(ours.shop.config), "--data", str(ours.shop.data)]
    began = time.perf_counter()
    job = subprocess.Popen(
        [till.PROGRAM, "catalog", "import", str(catalog), *place], stdout=subprocess.DEVNULL
    )
    try:
        while job.poll() is None:
            hand.once()
    finally:
        till.stop(job)
    seconds = time.perf_counter() - began
    if job.returncode != 0:
        raise till.Failure(f"the import ended with {job.returncode}")
    if hand.times:
        row(f"tap to code while {rows:,} products are imported ({seconds:.1f} s), "
            f"worst of {len(hand.times)}", max(hand.times), None, "ms", 1)  # fmt: skip


def on_slow_disks(ours, folder, count):
    """Every sync takes longer: a worn card in place of a good drive."""
    for delay in DISKS_MS:
        ours.start(wrapper=(
            "strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null",
            "-e", "trace=fsync,fdatasync", "-e", f"inject=fsync,fdatasync:delay_exit={delay * 1000}",
        ))  # fmt: skip
        ours.stage.wait_for_calm(3.0)
        hand = instrument.Taps(ours.stage, ours.tile, ours.back, folder / f"disk-{delay}.png")
        for _ in range(count):
            hand.once()
        ours.stop()
        for name, share in (("p50", 0.50), ("p99", 0.99)):
            row(f"tap to code, {delay} ms disk sync, {name} of {count}",
                instrument.quantile(hand.times, share), None, "ms", 1)  # fmt: skip


def without_network(ours, folder, count):
    """Codes that were fetched ahead of time: the provider is gone before the till starts."""
    with open(ours.shop.config, "a", encoding="utf-8") as config:
        config.write(f"\n[pool]\nper_amount = {SPARES_MAX}\n")
    ours.settle()
    before = {sale["id"] for sale in ours.shop.sales()}
    ours.shop.sandbox.stop()
    ours.start()
    ours.stage.wait_for_calm(3.0)
    hand = instrument.Taps(ours.stage, ours.tile, ours.back, folder / "offline-pay.png")
    # One is used up to find out where the code stands.
    count = min(count, SPARES_MAX - 1)
    for _ in range(count):
        hand.once()
    ours.stop()
    sold = [sale for sale in ours.shop.sales() if sale["id"] not in before]
    spare = {sale["url"] for sale in sold if not sale["by_hand"]}
    if len(spare) != count + 1:
        raise till.Failure(f"{len(spare)} of {count + 1} taps showed a spare code of their own")
    for name, pick in (
        ("p50", lambda times: instrument.quantile(times, 0.50)),
        ("p99", lambda times: instrument.quantile(times, 0.99)),
        ("worst", max),
    ):
        row(f"tap to code with the network cut, {name} of {count}", pick(hand.times), None, "ms", 1)


def main():
    words = argparse.ArgumentParser(description="Tillcode beside Chromium")
    words.add_argument("folder", type=Path)
    words.add_argument("--taps", type=int, default=200)
    words.add_argument("--starts", type=int, default=5)
    words.add_argument("--import-rows", type=int, default=50_000)
    words.add_argument("--only", choices=("ours", "theirs"))
    chosen = words.parse_args()
    folder = chosen.folder.resolve()
    till.OUT = folder
    theirs = ours = None
    try:
        if chosen.only != "ours":
            theirs = sides.Theirs(folder)
        if chosen.only != "theirs":
            ours = sides.Ours(folder, write_catalog(folder / "catalog.csv", 10_000))
        starts(ours, theirs, chosen.starts)
        rest(ours, theirs)
        taps(ours, theirs, folder, chosen.taps)
        if ours is not None:
            importing(folder, chosen.import_rows)
            while_importing(ours, folder, chosen.import_rows)
            ours.stop()
            on_slow_disks(ours, folder, max(chosen.taps // 4, 1))
            without_network(ours, folder, max(chosen.taps // 4, 1))
    finally:
        for side in (ours, theirs):
            if side is not None:
                side.close()


if __name__ == "__main__":
    # So that a signal ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except till.Failure as failure:
        sys.exit(f"measure.py: {failure}")
