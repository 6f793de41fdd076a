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


def counts(objects):
    """What gcovr makes of all counters: one list of lines for each source, summed up over all geometries."""
    command = ["gcovr", "--root", str(ROOT), "--filter", f"{ROOT}/{SOURCES}/", "--json", "-", "-j", str(os.cpu_count()),
               "--exclude-unreachable-branches", str(objects)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"gcovr ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)["files"]


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


def tally(files, excluded):
    lines, branches = Tally("lines", LINES), Tally("branches", BRANCHES)
    for file in files:
        name = pathlib.Path(file["file"]).name
        text = (ROOT / SOURCES / name).read_text(encoding="utf-8").splitlines()
        for line in (line for line in file["lines"] if not line["gcovr/noncode"]):
            code = text[line["line_number"] - 1].strip()
            where = f"{SOURCES}/{name}:{line['line_number']}: {code}"
            hit = line["count"] > 0
            if hit or not any(e.covers("line", name, code) for e in excluded):
                lines.add(1, hit, where)
            taken = sum(branch["count"] > 0 for branch in line["branches"])
            total = len(line["branches"])
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
    parser.add_argument("--objects", required=True, type=pathlib.Path, help="folder where the core's counters lie")
    parser.add_argument("programs", nargs="+", metavar="PROGRAM", help="test linked with such a core")
    arguments = parser.parse_args()
    for counter in arguments.objects.rglob("*.gcda"):
        counter.unlink()
    run_all(arguments.programs)
    excluded = exclusions()
    return 0 if report(tally(counts(arguments.objects), excluded), excluded) else 1


if __name__ == "__main__":
    sys.exit(main())
