"""Labels by python-escpos: a task on standard input, bytes on standard output, both as JSON.

The task is {"labels": [...], "rounds": N}; see src/label.rs. The answer is {"bodies": [hex, ...],
"micros": M}: each label's bytes, and microseconds for one of them in the fastest of N rounds.
"""

import json
import math
import sys
import time

from escpos.constants import QR_ECLEVEL_M, QR_MODEL_2
from escpos.printer import Dummy

PAGES = {"cp437": "CP437", "windows-1252": "CP1252"}
# Neither large nor bold.
PLAIN = (False, False)


def look(printer, large, bold):
    times = {"double_width": True, "double_height": True} if large else {"normal_textsize": True}
    printer.set(align="center", bold=bold, **times)


def write(printer, lines):
    """What is on already is not told again; plain again at the end."""
    before = PLAIN
    for line in lines:
        looks = (line["large"], line["bold"])
        if looks != before:
            look(printer, *looks)
            before = looks
        if line["page"]:
            printer.charcode(PAGES[line["page"]])
        printer.textln(line["text"])
    if before != PLAIN:
        look(printer, *PLAIN)


def encode(label):
    printer = Dummy(profile=label["printer"]["python"])
    printer.hw("INIT")
    printer.set(align="center")
    write(printer, label["above"])
    how = {"image_arguments": {"impl": "bitImageRaster"}} if label["picture"] else {"native": True}
    printer.ln(label["white"])
    printer.qr(label["link"], ec=QR_ECLEVEL_M, size=label["module"], model=QR_MODEL_2, **how)
    printer.ln(label["white"])
    write(printer, label["below"])
    printer.cut(mode="PART")
    return printer.output


def main():
    task = json.load(sys.stdin)
    labels = task["labels"]
    bodies = [encode(label).hex() for label in labels]
    fastest = math.inf
    for _ in range(task["rounds"]):
        began = time.perf_counter()
        for label in labels:
            encode(label)
        fastest = min(fastest, time.perf_counter() - began)
    micros = fastest * 1e6 / len(labels) if task["rounds"] else None
    json.dump({"bodies": bodies, "micros": micros}, sys.stdout)


if __name__ == "__main__":
    main()
