# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The programs, their scripts, and how one runs on a board with a limit on its heap."""

import re
import subprocess
import sys
from functools import lru_cache
from math import inf
from pathlib import Path

from every_limit import Stretch, round_up

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "board"))

import run as board  # pylint: disable=wrong-import-position

TIMEOUT = 60

# As app/main.c has them.
LIMIT_BITS = 20
COUNT_BITS = 8
REPORT = re.compile(rb"^heap: (enough|too small), took (\d+), was refused (\d+)\n", re.MULTILINE)


class AppsError(Exception):
    """Something that the user has to know; its text says what."""


class Program:
    """A program: where its scripts are, and how this machine's own copy of it runs one."""

    def __init__(self, name, suffix, command, complaint):
        self.name = name
        self.suffix = suffix
        self.command = command
        self.complaint = complaint  # how its output ends when memory does

    def scripts(self):
        """The names of the scripts, in alphabetical order, as the app has them."""
        return sorted(path.stem for path in (HERE / self.name / "scripts").glob(f"*{self.suffix}"))

    def path(self, script):
        """The file of a script."""
        if script not in self.scripts():
            raise AppsError(f"{self.name} has no script '{script}'; it has {', '.join(self.scripts())}")
        return HERE / self.name / "scripts" / f"{script}{self.suffix}"

    def index(self, script):
        """The number by which the app knows a script."""
        return self.scripts().index(script)

    def limit(self, script):
        """The bytes of heap that a script has to do with under ebb; it says so itself, in a comment."""
        found = re.search(r"^-- heap: (\d+) bytes$", self.path(script).read_text(encoding="utf-8"), re.MULTILINE)
        if found is None:
            raise AppsError(f"{self.path(script)} has no line '-- heap: NUMBER bytes'")
        return int(found[1])

    @lru_cache(maxsize=None)
    def expected(self, script):
        """What this machine's own copy of the program prints."""
        with self.path(script).open("rb") as text:
            try:
                done = subprocess.run(self.command, stdin=text, stdout=subprocess.PIPE, check=False)
            except FileNotFoundError as missing:
                raise AppsError(f"{self.command[0]} is not installed") from missing
        if done.returncode != 0 or not done.stdout:
            raise AppsError(f"{self.command[0]} does not run {self.path(script)} here")
        return done.stdout


PROGRAMS = {
    program.name: program
    for program in (
        Program("lua", ".lua", ["lua5.4", "-"], b"not enough memory\n"),
        Program("sqlite", ".sql", ["sqlite3", "-batch", ":memory:"], b"out of memory\n"),
    )
}


class App:
    """A program linked with an allocator, as an image for a board."""

    def __init__(self, program, image, machine):
        if not image.is_file():
            raise AppsError(f"there is no {image}: 'cmake/run apps' makes all of them")
        self.program = program
        self.image = image
        self.machine = machine

    def start(self, script, limit, count):
        """Exit code and output of so many runs: see `run_on()`."""
        argument = (self.program.index(script) << COUNT_BITS | count - 1) << LIMIT_BITS | limit
        command = board.emulator_command(board.parse_arguments(
            ["--machine", self.machine, "--uncounted", "--argument", str(argument), str(self.image)]))
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False)
        except FileNotFoundError as missing:
            raise AppsError(f"{command[0]} is not installed") from missing
        except subprocess.TimeoutExpired as late:
            return board.TIMED_OUT, late.stdout or b""
        return done.returncode, done.stdout

    def run(self, script, limit=0):
        """Runs a script with so many bytes of heap, 0 for no limit; returns exit code and output."""
        code, printed = self.start(script, limit, 1)
        return code, REPORT.sub(b"", printed)

    def run_on(self, script, limit, count):
        """
        Runs a script up to so many times, at most 256: with this limit, then with the lowest that it was refused, and
        so on; returns the stretches of limits with which it would have done the same.
        """
        _, printed = self.start(script, limit, count)
        stretches = []
        for output, ending, took, refused in runs_in(printed):
            enough = ending == b"enough" and output == self.program.expected(script)
            stretch = Stretch(enough, int(took), int(refused) or inf)
            if stretches and not stretch.begin <= round_up(stretches[-1].end) < stretch.end:
                raise AppsError(f"{self.image} did not go on with the next limit: {stretches[-1]}, {stretch}")
            stretches.append(stretch)
        # A run that has not come to its end: nothing is known of other limits.
        return stretches or [Stretch(False, limit, limit + 1)]


def runs_in(printed):
    """What each run has printed, with what the app reports of it."""
    begin = 0
    for report in REPORT.finditer(printed):
        yield printed[begin:report.start()], report[1], report[2], report[3]
        begin = report.end()
