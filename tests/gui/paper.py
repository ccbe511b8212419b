"""A printer on one end of a terminal line: it says how it is, repeats numbers, and keeps its bytes.

Only what the window's scenarios need; every fault at every byte is tried elsewhere, in virtual time.
"""

import os
import threading
import tty

# The real-time questions how a printer is, and the answers of one that is well.
QUESTION = b"\x10\x04"
WELL = b"\x12"
# The last of the four is about paper: out, or nothing to say.
PAPER_OUT = b"\x72"
# Asks to repeat a number once all before it is printed; four digits follow.
NUMBER = b"\x1d(H\x06\x00\x30\x30"
# Asks how large the code is that was stored, and the answer of a printer that still has it.
SIZE = b"\x1d(k\x03\x00\x31\x52\x30"
STORED = b"\x37\x36\x39\x1f\x39\x1f\x31\x1f\x30\x00"


class Printer:
    """A serial printer; `path` is the port that the till opens."""

    def __init__(self):
        self._line, self._till = os.openpty()
        tty.setraw(self._line)
        tty.setraw(self._till)
        self.path = os.ttyname(self._till)
        self.taken = b""
        self.has_paper = True
        self.says_numbers = True
        # Sheets until the roll ends; None for a roll that does not.
        self._left = None
        self._rest = b""
        self._owed = []
        threading.Thread(target=self._run, daemon=True).start()

    def sheets(self):
        """How many sheets were cut off."""
        return self.taken.count(b"\x1dVB\x00")

    def ends_after(self, sheets):
        """The roll ends with so many sheets."""
        self._left = self.sheets() + sheets

    def put_paper_in(self):
        self._left = None
        self.has_paper = True
        self._settle()

    def close(self):
        os.close(self._till)
        os.close(self._line)

    def _run(self):
        try:
            while True:
                self._hear(os.read(self._line, 4096))
        except OSError:
            # Closed.
            return

    def _hear(self, piece):
        data = self._rest + piece
        while data:
            if data.startswith(QUESTION) and len(data) >= 3:
                self._answer(data[2])
                data = data[3:]
            elif data.startswith(NUMBER) and len(data) >= 11:
                self._owed.append(data[7:11])
                data = data[11:]
            elif data.startswith(SIZE):
                os.write(self._line, STORED)
                data = data[len(SIZE) :]
            elif any(whole.startswith(data[: len(whole)]) for whole in (QUESTION, NUMBER, SIZE)):
                # Not whole yet.
                break
            else:
                self.taken += data[:1]
                data = data[1:]
            if self._left is not None and self.sheets() >= self._left:
                self.has_paper = False
        self._rest = data
        self._settle()

    def _answer(self, number):
        is_about_paper = number == 4
        well = self.has_paper or not is_about_paper
        os.write(self._line, WELL if well else PAPER_OUT)

    def _settle(self):
        if self.has_paper and self.says_numbers:
            for digits in self._owed:
                os.write(self._line, b"\x37\x22" + digits + b"\x00")
            self._owed.clear()
