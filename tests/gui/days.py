"""A clock that can be set ahead for several programs at once, while they run: libfaketime.

Only the date moves. What programs measure durations by goes on as it does, as on a machine whose
date is wrong; so timers behave, and days pass in no time.
"""

import os
import subprocess
from pathlib import Path

import till

# Says what a program needs to be under the wrapper, and stays.
KEEPER = 'echo "$LD_PRELOAD"; echo "$FAKETIME_SHARED"; exec cat'


class Days:
    """The date of every program that runs in its `environment`, until `close`."""

    def __init__(self, folder):
        self.file = Path(folder) / "date"
        self.file.write_text("+0\n")
        # The wrapper knows where the library is, and takes the shared memory away at its end: so a
        # program that is killed leaves none behind.
        try:
            self.keeper = subprocess.Popen(
                ["faketime", "-f", "+0", "sh", "-c", KEEPER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        except FileNotFoundError as error:
            raise till.Failure("faketime is needed: see packaging/packages.txt") from error
        library, shared = (self.keeper.stdout.readline().strip() for _ in range(2))
        self.environment = os.environ | {
            "LD_PRELOAD": library,
            "FAKETIME_SHARED": shared,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def pass_by(self, days):
        """From now on it is so many days later than it is. The file is never half written."""
        beside = self.file.with_suffix(".new")
        beside.write_text(f"+{days}d\n")
        beside.replace(self.file)

    def close(self):
        self.keeper.stdin.close()
        self.keeper.wait()
