"""The demo shop's first sale, for somebody without a screen: prints the link of the code.

Leaves sell.png, sale.png and link.txt in the folder that TILL_OUT names.
"""

import re
import subprocess
import sys
import tempfile

import till

# A tile says name and price: "Espresso, 2.50 €".
TILE = re.compile(r"^.+, \D{0,5}\d[\d.,\u00a0\u202f ]*\D{0,5}$")


def first_tile(process):
    for node in till.nodes(process):
        name = till.name_of(node)
        if TILE.match(name) and node.getRoleName() in ("push button", "button"):
            return name
    return None


def sell(data):
    with open(till.OUT / "log.txt", "w", encoding="utf-8") as log:
        kiosk = subprocess.Popen(
            [till.PROGRAM, "run", "--demo", "--data", data], stdout=log, stderr=log
        )
    try:

        def tile_or_end():
            if kiosk.poll() is not None:
                raise till.Failure(f"the kiosk ended with {kiosk.returncode}, see log.txt")
            return first_tile(kiosk)

        tile = till.wait_until("the first product", tile_or_end, 60)
        till.screenshot("sell")
        till.press(kiosk, tile)
        till.find(kiosk, "Payment code")
        path, read = till.wait_until("a readable code", photograph, 20)
        (till.OUT / "link.txt").write_text(read[0] + "\n")
        print(f"sold:       {tile}")
        print(f"link:       {read[0]}")
        print(f"screenshot: {path}")
    finally:
        till.stop(kiosk)


def photograph():
    path = till.screenshot("sale")
    read = till.decode(path)
    return (path, read) if read else None


if __name__ == "__main__":
    till.main_guard()
    till.OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="till-") as place:
        try:
            sell(place)
        except till.Failure as failure:
            sys.exit(f"first_sale.py: {failure}")
