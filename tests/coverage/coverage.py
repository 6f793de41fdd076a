# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Runs programs whose core counts what is executed, and says which lines and branches of core were not.

Fails if fewer lines or branches than the floors were executed, or if an exclusion excludes nothing.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = "core/source"
EXCLUDED = pathlib.Path(__file__).with_name("excluded.txt")
LINES, BRANCHES = 100.0, 95.0


class Exclusion:
    """A line of excluded.txt: what need not be executed in the lines of a file that read so."""

    def __init__(self, entry):
        found = re.fullmatch(r"(line|branch) (\S+): (.+?) # (\S.*)", entry)
        if not found:
            sys.exit(f"{EXCLUDED.name}: not 'line|branch FILE: TEXT # REASON': {entry}")
        self.entry = entry
        self.what, self.file, self.text = found[1], found[2], found[3]
        self.was_needed = False

    def covers(self, what, file, text):
        """Whether it allows `what` to be missing there; remembers that it was of use."""
        if (what, file, text) != (self.what, self.file, self.text):
            return False
        self.was_needed = True
        return True


def exclusions():
    entries = EXCLUDED.read_text(encoding="utf-8").splitlines()
    return [Exclusion(entry) for entry in entries if entry and not entry.startswith("#")]


def run(program):
    done = subprocess.run([program], capture_output=True, text=True, timeout=300, check=False)
    return program, done.returncode, done.stdout + done.stderr


def run_all(programs):
    """Ends this script if one fails: what it has not come to is no gap of the tests."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for program, status, said in pool.map(run, programs):
            if status != 0:
                sys.exit(f"{program} ended with {status}:\n{said}")


def counts(folders):
    """What gcovr makes of the counters in some folders: one list of lines for each source, summed up."""
    command = ["gcovr", "--root", str(ROOT), "--filter", f"{ROOT}/{SOURCES}/", "--json", "-", "-j", str(os.cpu_count()),
               "--exclude-unreachable-branches", *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"gcovr ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)["files"]


def by_level(objects):
    """The folders of the cores' counters, by the hardening level at the end of their names.

    A function that has another line at another level is more than gcovr can sum up: it waits for ever.
    """
    levels = {}
    for folder in objects.rglob("*_level[0-9].dir"):
        levels.setdefault(folder.stem[-1], []).append(folder)
    return levels


class Line:
    """How often a line was executed, and which of its branches: apart, where levels have not as many of them."""

    def __init__(self):
        self.count = 0
        self.branches = {}  # by how many there are: how often each

    def add(self, line):
        """Adds what gcovr counted at one level."""
        self.count += line["count"]
        taken = [branch["count"] for branch in line["branches"]]
        before = self.branches.get(len(taken), [0] * len(taken))
        self.branches[len(taken)] = [old + new for old, new in zip(before, taken)]

    def ways(self):
        """How often each branch was taken."""
        return [count for counts in self.branches.values() for count in counts]


def sums(levels):
    """{source: {number: Line}} over all levels."""
    sources = {}
    for files in levels:
        for file in files:
            lines = sources.setdefault(pathlib.Path(file["file"]).name, {})
            for line in (line for line in file["lines"] if not line["gcovr/noncode"]):
                lines.setdefault(line["line_number"], Line()).add(line)
    return sources


class Tally:
    """How many of something there are, how many were executed, and which were not."""

    def __init__(self, name, floor):
        self.name, self.floor = name, floor
        self.total = self.hit = 0
        self.missing = []

    def add(self, total, hit, where):
        self.total += total
        self.hit += hit
        if hit < total:
            self.missing.append(where)

    def percent(self):
        return 100.0 * self.hit / self.total if self.total else 0.0

    def is_enough(self):
        return self.percent() >= self.floor


def tally(sources, excluded):
    lines, branches = Tally("lines", LINES), Tally("branches", BRANCHES)
    for name, counted in sorted(sources.items()):
        text = (ROOT / SOURCES / name).read_text(encoding="utf-8").splitlines()
        for number, line in sorted(counted.items()):
            code = text[number - 1].strip()
            where = f"{SOURCES}/{name}:{number}: {code}"
            hit = line.count > 0
            if hit or not any(e.covers("line", name, code) for e in excluded):
                lines.add(1, hit, where)
            taken = sum(count > 0 for count in line.ways())
            total = len(line.ways())
            if taken == total or not any(e.covers("branch", name, code) for e in excluded):
                branches.add(total, taken, f"{where}   ({total - taken} of {total} ways not taken)")
    return lines, branches


def report(tallies, excluded):
    """Prints all that is missing, above or below the floor. Returns whether all is well."""
    well = True
    for each in tallies:
        if each.missing:
            print(f"Not executed, {each.name}:", *each.missing, sep="\n  ")
    for exclusion in excluded:
        if not exclusion.was_needed:
            print(f"{EXCLUDED.relative_to(ROOT)}: excludes nothing: {exclusion.entry}")
            well = False
    for each in tallies:
        print(f"{each.name}: {each.hit} of {each.total} executed, {each.percent():.1f} %; at least {each.floor:.0f} %"
              f"{'' if each.is_enough() else ': TOO FEW'}")
        well = well and each.is_enough()
    return well


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", required=True, type=pathlib.Path,
                        help="folder in which each core counts, in a folder of its own")
    parser.add_argument("programs", nargs="+", metavar="PROGRAM", help="test linked with such a core")
    arguments = parser.parse_args()
    for counter in arguments.objects.rglob("*.gcda"):
        counter.unlink()
    run_all(arguments.programs)
    excluded = exclusions()
    sources = sums(counts(folders) for folders in by_level(arguments.objects).values())
    return 0 if report(tally(sources, excluded), excluded) else 1


if __name__ == "__main__":
    sys.exit(main())
