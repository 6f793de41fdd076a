# SPDX-License-Identifier: Apache-2.0 OR MIT

"""
Real programs on this machine, unmodified, on each allocator that can be preloaded.

The rounds are paired: in each, every allocator runs once, in an order that rotates, so that what disturbs the machine
disturbs all of them. What is reported is a ratio of medians, and the least of the peaks in resident memory.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from toolchain import ROOT, BenchError, core_sources

ROUNDS = 7
REFERENCE = "glibc"

# Where Debian puts them, below the folder of the machine's architecture.
LIBRARIES = {"jemalloc": "libjemalloc.so.2", "mimalloc": "libmimalloc.so.2.0"}

PYTHON = """
import json
for step in range(4):
    rows = [{"name": "row %d" % i, "value": i * step, "tags": [str(i % n) for n in range(1, 5)]} for i in range(20000)]
    rows = [row for row in rows if row["value"] % 3]
    assert len(json.loads(json.dumps(rows))) == len(rows)
"""

PERL = """
my %words;
for my $i (1 .. 150000) { push @{ $words{ $i * 7919 % 30011 } }, "word $i" x ($i % 5 + 1); }
for my $key (keys %words) { delete $words{$key} if $key % 3; }
print join(",", map { scalar @{ $words{$_} } } sort { $a <=> $b } keys %words), "\\n";
"""

SQL = """
CREATE TABLE item (id INTEGER PRIMARY KEY, kind INTEGER, name TEXT, payload BLOB);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
    INSERT INTO item SELECT i, i % 97, printf('item %06d', i * 7919 % 40000), zeroblob(i % 200) FROM n;
CREATE INDEX by_kind ON item (kind, name);
SELECT kind, count(*), group_concat(name) FROM item GROUP BY kind ORDER BY kind;
DELETE FROM item WHERE id % 3 = 0;
VACUUM;
"""


def programs():
    """What is run: {name: (command, input)}. Each allocates often enough for it to matter."""
    include = [f"-I{ROOT / 'core' / 'include'}", "-DEBB_NUMBER_BITS=16", "-DEBB_GRANULE=8"]
    sources = [str(path) for path in core_sources()]
    return {
        "python3, every object": ([sys.executable, "-c", PYTHON], ""),
        "perl": (["perl", "-e", PERL], ""),
        "sqlite3": (["sqlite3", ":memory:"], SQL),
        "gcc": (["gcc", "-std=c11", "-O2", "-fsyntax-only", *include, *sources], ""),
        "git log": (["git", "-C", str(ROOT), "log", "--stat", "--format=%H %s"], ""),
    }


def find_library(name):
    """The path of a library of the distribution, or None."""
    return next(iter(sorted(Path("/usr/lib").glob(f"*/{name}"))), None)


def allocators(ebb):
    """{name: library or None}; of the peers, those that are installed."""
    found = {REFERENCE: None, "ebb": ebb}
    for name, library in LIBRARIES.items():
        path = find_library(library)
        if path is not None:
            found[name] = path
    return found


def run_once(command, text, library):
    """
    Seconds of processor time and peak resident KiB of the program, and what it said.

    time(1) is what starts it: the system reckons the peak of a process from the size of its parent on, which is Python
    here.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("EBB_", "LD_"))}
    environment |= {"LC_ALL": "C", "PYTHONMALLOC": "malloc", "PYTHONHASHSEED": "0"}
    preload = ["env", f"LD_PRELOAD={library}"] if library is not None else []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.NamedTemporaryFile() as figures:
        done = subprocess.run(["time", "--format=%M", f"--output={figures.name}", *preload, *command],
                              input=text.encode(), capture_output=True, env=environment, check=False)
        if done.returncode != 0:
            raise BenchError(f"{command[0]} on {library} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return seconds, int(figures.read()), done.stdout


def measure_program(command, text, libraries):
    """{allocator: (ratio of median times to the reference's, peak KiB)}"""
    names = list(libraries)
    runs = {name: [] for name in names}
    for number in range(ROUNDS):
        for name in names[number % len(names):] + names[:number % len(names)]:
            runs[name].append(run_once(command, text, libraries[name]))
    if len({said for of_one in runs.values() for _, _, said in of_one}) != 1:
        raise BenchError(f"{command[0]} did not say the same on every allocator")
    reference = median(seconds for seconds, _, _ in runs[REFERENCE])
    return {name: {"time": median(seconds for seconds, _, _ in of_one) / reference,
                   "peak_kib": min(peak for _, peak, _ in of_one)} for name, of_one in runs.items()}


def measure(ebb, say):
    """{program: {allocator: figures}}"""
    if not ebb.exists():
        raise BenchError(f"there is no {ebb}: build the preset host first, or name the folder with --tools")
    libraries = allocators(ebb)
    measured = {}
    for name, (command, text) in programs().items():
        if shutil.which(command[0]) is None:
            raise BenchError(f"{command[0]} is not installed")
        say(f"Running {name}, {ROUNDS} times on each of {', '.join(libraries)}")
        measured[name] = measure_program(command, text, libraries)
    return measured
