"""Puts together what the passes of tests/mutants.sh noticed:
list.py [--left] [--write FILE] FOLDER JOBS PASS...

Prints a Markdown table and the changes that nothing noticed. With --write these go to FILE: rows of
source files that were not tried this time stay, and so do the reasons that somebody wrote. With --left
only what FILE says is left was tried: what was noticed now is added to its rows.

list.py --noticed FILE ALL prints those of all changes that FILE does not say are left.
"""

import collections
import datetime
import functools
import pathlib
import re
import sys

MUTANT = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+):\d+: (?P<change>.*)$")
ROW = re.compile(r"^\| (?P<file>src/\S+\.rs)(?::(?P<line>\d+))? \| (?P<rest>.*) \|$")
PASSES = ["scenes", "model", "simulation"]
INTRO = """# What no test notices

Written by `bash tests/mutants.sh`: cargo-mutants changes the pure machine, `src/terminal`, in one place
at a time, and every test that belongs to it has a try. A change that makes the till go round for ever
counts as noticed. A dash is a pass that was not run.
"""
HEAD = "| file | tried | changes | by scenes | by the model | by the simulation | endless | not Rust | left |"


@functools.cache
def planted_lines(file):
    """Lines of defects on purpose, which are not built here: changing them changes nothing."""
    lines = pathlib.Path(file).read_text().splitlines()
    found, depth = set(), None
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if line.strip() == "#[cfg(planted)]":
            depth = indent
        if depth is not None:
            found.add(number)
            if indent == depth and line.endswith((";", "}", "},")):
                depth = None
    return found


def mutants(folder, jobs, name, outcome):
    for job in range(jobs):
        path = folder / str(job) / name / "mutants.out" / f"{outcome}.txt"
        for line in path.read_text().splitlines() if path.exists() else []:
            match = MUTANT.match(line)
            if match and int(match["line"]) not in planted_lines(match["file"]):
                yield match["file"], int(match["line"]), match["change"]


def collect(folder, jobs, names):
    """Counts by file, and what is left after the last pass."""
    counts = collections.defaultdict(collections.Counter)
    left = []
    for place, name in enumerate(names):
        for outcome in ("caught", "timeout", "unviable", "missed"):
            for file, line, change in mutants(folder, jobs, name, outcome):
                column = {"caught": name, "timeout": "endless", "unviable": "not Rust"}.get(outcome)
                if column:
                    counts[file][column] += 1
                elif place + 1 == len(names):
                    counts[file]["left"] += 1
                    left.append((file, line, change))
                if column or place + 1 == len(names):
                    counts[file]["changes"] += 1
    return counts, sorted(left)


def counted(counts, names, before):
    """Rows by file. `before` are rows to which the numbers are added."""
    today = datetime.date.today().isoformat()
    for file, count in sorted(counts.items()):
        fresh = [str(count["changes"]), "-", "-", "-", "0", "0", "0"]
        cells = before[file].split(" | ")[1:] if file in before else fresh
        for at, column in enumerate([*PASSES, "endless", "not Rust"], 1):
            if column in names or column not in PASSES:
                cells[at] = str(int(cells[at].replace("-", "0")) + count[column])
        yield file, " | ".join([today, *cells[:-1], str(count["left"])])


def noticed(path, listed):
    """Prints the changes that were noticed before: all but those that the list says are left."""
    _, survivors = old_rows(path)
    left = {(file, line, change) for file, line, change, _ in survivors}
    found = set()
    for text in listed.read_text().splitlines():
        match = MUTANT.match(text)
        key = (match["file"], int(match["line"]), match["change"].replace("|", "\\|"))
        found.add(key)
        if key not in left:
            print(text)
    files = {file for file, _, _ in found}
    moved = sorted({file for file, line, change in left - found if file in files})
    if moved:
        sys.exit(f"failed: changed since the list was written, run without --left: {', '.join(moved)}")


def sources():
    files = pathlib.Path("src/terminal").rglob("*.rs")
    return sorted(str(file) for file in files if "tests" not in file.with_suffix("").parts)


def old_rows(path):
    """What the file said before: counts by source file, and its survivors with their reasons."""
    rows, survivors = {}, []
    for line in path.read_text().splitlines() if path.exists() else []:
        match = ROW.match(line)
        if match and match["line"]:
            change, _, reason = match["rest"].rpartition(" | ")
            survivors.append((match["file"], int(match["line"]), change, reason.strip()))
        elif match:
            rows[match["file"]] = match["rest"]
    return rows, survivors


def main(arguments):
    if arguments[0] == "--noticed":
        noticed(*map(pathlib.Path, arguments[1:]))
        return
    target, adds = None, arguments[0] == "--left"
    arguments = arguments[adds:]
    if arguments[0] == "--write":
        target, arguments = pathlib.Path(arguments[1]), arguments[2:]
    folder, jobs, names = pathlib.Path(arguments[0]), int(arguments[1]), arguments[2:]
    counts, left = collect(folder, jobs, names)
    for file in set(sources()) & set((folder / "files.txt").read_text().split()):
        # Also one in which nothing can be changed.
        counts.setdefault(file, collections.Counter())
    rows, before = old_rows(target) if target else ({}, [])
    rows.update(counted(counts, names, rows if adds else {}))
    # A line moves when something is written above it; what is changed there does not.
    reasons = {(file, change): reason for file, _, change, reason in before}
    survivors = [row for row in before if row[0] not in counts]
    for file, line, change in left:
        change = change.replace("|", "\\|")
        survivors.append((file, line, change, reasons.get((file, change), "")))
    columns = [cells.split(" | ") for cells in rows.values()]
    total = [sum(int(c[at]) for c in columns if c[at] != "-") for at in range(1, 8)]
    text = [INTRO, HEAD, "|---|---|--:|--:|--:|--:|--:|--:|--:|"]
    text += [f"| {file} | {cells} |" for file, cells in sorted(rows.items())]
    text += ["| **all** | | " + " | ".join(map(str, total)) + " |", ""]
    text += ["| place | change | why it stays |", "|---|---|---|"]
    text += [f"| {file}:{line} | {change} | {why} |" for file, line, change, why in sorted(survivors)]
    untried = [file for file in sources() if file not in rows]
    if target and untried:
        text += ["", "Not tried yet: " + ", ".join(untried) + "."]
    print("\n".join(text))
    if target:
        target.write_text("\n".join(text) + "\n")


main(sys.argv[1:])
