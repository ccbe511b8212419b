"""Finds where Tillcode's first tile and its way back are, by their accessible names.

Runs under stage.sh, before the measurement and not during it. Prints {"tile":[x,y],"back":[x,y]}.

usage: places.py CONFIG DATA TILE BACK
"""

import json
import subprocess
import sys

import till

if __name__ == "__main__":
    till.main_guard()
    config, data, tile, back = sys.argv[1:]
    kiosk = subprocess.Popen([till.PROGRAM, "run", "--config", config, "--data", data])
    try:
        till.find(kiosk, tile, 120)
        till.press(kiosk, tile)
        till.find(kiosk, "Payment code", 60)
        way_back = till.middle(kiosk, back)
        till.press(kiosk, back)
        # Only now: a sale that waits may have moved the tiles.
        till.find(kiosk, tile)
        till.wait_until("Sell", lambda: not till.is_shown(kiosk, "Payment code"))
        print(json.dumps({"tile": till.middle(kiosk, tile), "back": way_back}))
    finally:
        till.stop(kiosk)
