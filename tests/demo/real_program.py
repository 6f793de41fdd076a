# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A real program on Linux, unmodified, first on the C library's allocator and then on libebb-malloc.so."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tables import align

HERE = Path(__file__).resolve().parent
LIBRARY = "libebb-malloc.so"
TIMEOUT = 100

PROGRAM = "sqlite3"
COMMAND = [PROGRAM, ":memory:"]
JOB = HERE / "sqlite_job.sql"


@dataclass
class Outcome:
    status: int
    said: str
    complaints: str
    moments: list  # resident KiB at the start, at the peak, after all was freed
    figures: dict  # of the heap, when the process ended


def find_library(build):
    return next(iter(sorted(build.rglob(LIBRARY))), None)


def read_moments(path):
    return [int(line.split()[1]) for line in path.read_text(encoding="ascii").splitlines()]


def read_figures(path):
    """The line of the program itself: it starts others, which append theirs."""
    if not path.exists():
        return {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"ebb: {PROGRAM} "):
            return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line)}
    return {}


def run_program(library):
    with tempfile.TemporaryDirectory() as folder:
        moments, figures = Path(folder, "moments"), Path(folder, "figures")
        moments.touch()
        environment = {**os.environ, "MOMENTS": str(moments)}
        if library is not None:
            environment |= {"LD_PRELOAD": str(library), "EBB_STATISTICS": str(figures)}
        job = JOB.read_text(encoding="utf-8")
        done = subprocess.run(
            COMMAND, input=job, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        return Outcome(done.returncode, done.stdout, done.stderr, read_moments(moments), read_figures(figures))


def problem_of(plain, preloaded):
    """What is wrong, or None: the program has to do the same twice, and the second time really on our heap."""
    for outcome in (plain, preloaded):
        if outcome.status != 0 or len(outcome.moments) != 3:
            return f"it did not run to its end: exit status {outcome.status}"
    if not plain.said or preloaded.said != plain.said:
        return "its output is not the same"
    if preloaded.figures.get("peak_region", 0) == 0:
        return "the library was not used"
    return None


def row_of(allocator, outcome):
    start, peak, after = outcome.moments
    returned = 100 * (peak - after) / max(peak - start, 1)
    return ["", allocator, *(f"{moment / 1024:,.1f}" for moment in outcome.moments), f"{returned:.0f} %"]


def describe(plain, preloaded):
    figures = preloaded.figures
    rows = [["", "allocator", "at start", "at peak", "all freed", "returned"]]
    rows += [row_of("C library", plain), row_of("ebb", preloaded)]
    return [
        *align(rows),
        f"  Same output, {len(plain.said.splitlines())} lines. ebb's heap had "
        f"{figures['peak_region'] / 2**20:,.1f} MiB at its peak, {figures['peak_live'] / 2**20:,.1f} MiB of it in use,",
        f"  and {figures['region'] / 2**20:,.1f} MiB at the end; it grew {figures['grows']:,} times "
        f"and shrank {figures['shrinks']:,} times.",
    ]


def show(build, output):
    """Returns whether the program did the same on both allocators."""
    library = find_library(build)
    output.say(f"\nA real program on this machine, unmodified: {PROGRAM} fills a database in memory, and closes it.")
    output.say(f"First on the C library's allocator, then with LD_PRELOAD={library}. Resident memory, MiB:\n")
    if library is None:
        output.say(f"  there is no {LIBRARY} under {build}")
        return False
    plain, preloaded = run_program(None), run_program(library)
    output.keep(preloaded.said + preloaded.complaints)
    problem = problem_of(plain, preloaded)
    if problem is not None:
        output.say(f"  FAILED: {problem}\n{preloaded.complaints[-2000:]}")
        return False
    output.say("\n".join(describe(plain, preloaded)))
    return True
