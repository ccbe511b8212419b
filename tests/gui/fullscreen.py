"""The kiosk's window is as large as the screen, in its corner, and without a frame.

usage: fullscreen.py NAME
"""

import subprocess
import sys

import till

CHECKS = ("the window equals the screen",)


def geometry(*words):
    done = subprocess.run(["xdotool", *words], capture_output=True, text=True, check=True)
    pairs = (line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    return {key: int(value) for key, value in pairs}


def window_of(process):
    """The visible window of the process, once it has one."""
    done = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()[-1] if done.stdout.split() else None


def scenario(report, name):
    screen = subprocess.run(
        ["xdotool", "getdisplaygeometry"], capture_output=True, text=True, check=True
    )
    width, height = (int(part) for part in screen.stdout.split())
    wanted = {"X": 0, "Y": 0, "WIDTH": width, "HEIGHT": height}
    with till.shop(name) as shop:
        shop.start()
        till.find(shop.kiosk, "Espresso,", 60)
        window = till.wait_until("the window", lambda: window_of(shop.kiosk))

        def found():
            now = geometry("getwindowgeometry", "--shell", window)
            return {key: now[key] for key in wanted}

        try:
            till.wait_until("the window to fill the screen", lambda: found() == wanted, 10)
        except till.Failure:
            pass  # the check below says how large it is
        report.check(CHECKS[0], found() == wanted, f"{found()} on a screen of {wanted}")


if __name__ == "__main__":
    till.main_guard()
    NAME = sys.argv[1]
    REPORT = till.Report(NAME, CHECKS)
    sys.exit(REPORT.run(lambda: scenario(REPORT, NAME)))
