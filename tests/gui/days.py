"""A clock that can be set ahead for several programs at once, while they run: libfaketime.

Only the date moves. What programs measure durations by goes on as it does, as on a machine whose
date is wrong; so timers behave, and days pass in no time.
"""

import os
import subprocess
from pathlib import Path

import till


class Days:
    """The date of every program that runs in its `environment`."""

    def __init__(self, folder):
        self.file = Path(folder) / "date"
        self.file.write_text("+0\n")
        # The wrapper knows where the library is; what `$LIB` in it means the loader knows.
        done = subprocess.run(
            ["faketime", "-f", "+0", "printenv", "LD_PRELOAD"],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        library = done.stdout.strip()
        if not library:
            raise till.Failure("faketime is needed: see packaging/packages.txt")
        self.environment = os.environ | {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            # A program that is killed leaves nothing in /dev/shm.
            "FAKETIME_DISABLE_SHM": "1",
        }

    def pass_by(self, days):
        """From now on it is so many days later than it is. The file is never half written."""
        beside = self.file.with_suffix(".new")
        beside.write_text(f"+{days}d\n")
        beside.replace(self.file)
