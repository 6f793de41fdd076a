# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How much longer programs take when ebb-trace records them, as a table for docs/tools.md.

What is compared is processor time, of the program and of the tool, with that of the program alone: the best of several
runs each, in turn, so that what else the machine does hits both alike.
"""

import argparse
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNS = 7

JSON = "import json\nfor i in range(400): json.loads(json.dumps([[str(k), k] for k in range(1000)]))"
SQL = """create table t(a integer primary key, b text);
with recursive c(x) as (select 1 union all select x + 1 from c where x < 100000)
    insert into t select x, hex(x * 7919 % 100003) from c;
create index i on t(b);
select count(*), max(b) from t where b like '%3%';
delete from t where a % 3 = 0;
select sum(a) from t join (select b from t limit 1000) using (b);
"""

# What a table row is called, the command, its standard input, what is set in its environment.
PROGRAMS = (
    ("gcc, compiling a file of ebb", ["gcc", "-O2", "-std=c11", "-I", "core/include", "-c", "core/source/alloc.c", "-o",
                                      os.devnull], "", {}),
    ("git, log with differences", ["git", "log", "-p", "-n", "30"], "", {}),
    ("SQLite, in memory", ["sqlite3", ":memory:"], SQL, {}),
    ("Python, JSON", ["/usr/bin/python3", "-c", JSON], "", {}),
    ("Python, JSON, each object by malloc", ["/usr/bin/python3", "-c", JSON], "", {"PYTHONMALLOC": "malloc"}),
)

# What a column is called, and options; None: not recorded.
WAYS = {"alone": None, "slow-down": [], "with `--sites`": ["--sites"], "with `--sites=4`": ["--sites=4"]}


def processor_time(command, text, settings):
    """Seconds that a command and all its children take."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT, text=True,
                               env={**os.environ, **settings})
    process.stdin.write(text)
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {status}")
    return usage.ru_utime + usage.ru_stime


def calls_in(folder):
    """Operations of all traces in a folder, and their bytes."""
    traces = [path.read_bytes() for path in pathlib.Path(folder).glob("*.mtr")]
    return sum(struct.unpack_from("<4sI", trace)[1] for trace in traces), sum(map(len, traces))


def measure(tool, command, text, settings):
    """For each way to record, and without: the best time, and the calls and bytes recorded."""
    best, recorded = {}, {}
    for _ in range(RUNS):
        for way, options in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                prefix = [] if options is None else [tool, "-q", "-f", *options, "-o", os.path.join(folder, "a.mtr")]
                time = processor_time(prefix + command, text, settings)
                recorded[way] = calls_in(folder)
            best[way] = min(time, best.get(way, time))
    return best, recorded


def chosen_tool():
    """The path of ebb-trace, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", nargs="?", default=ROOT / "build" / "host" / "port-host" / "tools" / "ebb-trace",
                        help="ebb-trace (default: that of build/host)")
    tool = os.path.abspath(parser.parse_args().tool)
    if not os.access(tool, os.X_OK):
        parser.error(f"there is no {tool}: build the preset host first")
    return tool


def main():
    """Prints the table."""
    tool = chosen_tool()
    ways = [way for way, options in WAYS.items() if options is not None]
    print("| program | calls | calls per ms |", " | ".join(ways), "| bytes a call |")
    print("|---" * (4 + len(ways)) + "|")
    for name, command, text, settings in PROGRAMS:
        best, recorded = measure(tool, command, text, settings)
        alone = best["alone"]
        calls = recorded[ways[0]][0]
        factors = " | ".join(f"{best[way] / alone:.2f}" for way in ways)
        lengths = " / ".join(f"{recorded[way][1] / recorded[way][0]:.1f}" for way in ways)
        print(f"| {name} | {calls:,} | {calls / alone / 1000:,.0f} | {factors} | {lengths} |", flush=True)


if __name__ == "__main__":
    main()
