# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs programs with and without libebb-malloc.so, and collects the line of figures of every process on it."""

import os
import re
import subprocess
import sys


class Failure(Exception):
    """What is wrong, in a sentence for the log."""


def require(condition, complaint):
    if not condition:
        raise Failure(complaint)


class Process:
    """The figures of one process, as its EBB_STATISTICS line gives them."""

    def __init__(self, line):
        found = re.fullmatch(r"ebb: (\S+)((?: \w+=\d+)+)", line)
        require(found, f"not a line of figures: {line!r}")
        self.name = found[1]
        self.figures = {name: int(figure) for name, figure in re.findall(r"(\w+)=(\d+)", found[2])}

    def __getitem__(self, name):
        return self.figures[name]


class Runner:
    """Runs programs in a folder; with a `library`, preloaded into each of them and their children."""

    def __init__(self, folder, library=None):
        self.folder = folder
        self.library = library
        self.statistics = os.path.join(os.path.abspath(folder), "statistics.txt") if library else None

    def environment(self, settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("EBB_", "LD_"))}
        environment.update(LC_ALL="C", TZ="UTC")
        if self.library:
            environment.update(LD_PRELOAD=self.library, EBB_STATISTICS=self.statistics)
        environment.update(settings)
        return environment

    def start(self, command, stdin=b"", timeout=300, **settings):
        """Whatever comes of it. `settings` are environment variables."""
        try:
            return subprocess.run(
                command, input=stdin, capture_output=True, cwd=self.folder, timeout=timeout,
                env=self.environment(settings), check=False)
        except FileNotFoundError as error:
            raise Failure(f"{command[0]} is not installed") from error

    def run(self, command, stdin=b"", **settings):
        """Output and error output of a program that has to succeed."""
        done = self.start(command, stdin, **settings)
        require(done.returncode == 0,
                f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
        return done.stdout + done.stderr

    def processes(self):
        if not self.statistics or not os.path.exists(self.statistics):
            return []
        with open(self.statistics, encoding="utf-8") as lines:
            return [Process(line.rstrip("\n")) for line in lines]


def main(cases, run_case):
    """Runs the cases named on the command line, or all; exits with 1 if one fails."""
    names = sys.argv[3:] or list(cases)
    unknown = [name for name in names if name not in cases]
    if len(sys.argv) < 3 or unknown:
        sys.exit(f"usage: {sys.argv[0]} LIBRARY FOLDER-OF-THE-PROJECT [CASE...]\ncases: {' '.join(cases)}")
    failed = False
    for name in names:
        try:
            print(f"{name}: {run_case(cases[name], os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))}")
        except Failure as failure:
            failed = True
            print(f"{name}: FAILED: {failure}")
    sys.exit(failed)
