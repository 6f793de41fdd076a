# SPDX-License-Identifier: Apache-2.0 OR MIT

"""
Programs that nobody looked at while ebb was made, as a check that it was not made for the project's own traces.

They run here, under ebb-trace, and what they did is then replayed as the project's traces are. All are small programs
of Debian's, in C, with small inputs, so that they fit into a small heap.
"""

import subprocess
import tempfile
from pathlib import Path

from toolchain import BenchError

INPUTS = Path(__file__).resolve().parent / "unseen"
SYLLABLES = ["lo", "rem", "ip", "sum", "do", "lor", "sit", "a", "met"]

EDITS = """,s/user/U/
g/9,/d
1,50m$
u
1,20t30
w
Q
"""


def words(number, count):
    """Some words, always the same for a number."""
    return " ".join(SYLLABLES[(number * 7 + place * 5) % len(SYLLABLES)] for place in range(count))


def rows(count):
    """A table of values separated by commas."""
    lines = (f"user{number % 97},{number * 7919 % 10007},{words(number, number % 6 + 1)},{number * 271 % 1000}"
             for number in range(1, count + 1))
    return "".join(f"{line}\n" for line in lines)


def page(sections):
    """A text in Markdown."""
    return "# Title\n" + "".join(
        f"\n## Section {number}\n\nSome *text* with **{words(number, 3)}**, [a link](http://x/{number}) and `code`.\n\n"
        f"- {words(number, 8)}\n- {words(number + 1, 12)}\n" for number in range(1, sections + 1))


def changes(count):
    """A patch for rows(count), of a change in every third line."""
    hunks = []
    for number, line in enumerate(rows(count).splitlines(), start=1):
        if number % 3 == 0:
            hunks.append(f"@@ -{number} +{number} @@\n-{line}\n+{line} and more\n")
    return "--- rows\n+++ rows\n" + "".join(hunks)


def programs(folder):
    """What is run: {name: (command, input)}, where `folder` has the files that a command names."""
    short, long = rows(300), rows(1500)
    for name in ("edited", "patched"):
        (folder / name).write_text(short, encoding="utf-8")
    return {
        "bc": (["bc", "-q", INPUTS / "series.bc"], ""),
        "busybox_awk": (["busybox", "awk", "-f", INPUTS / "totals.awk"], short),
        "busybox_bc": (["busybox", "bc", INPUTS / "series.bc"], ""),
        "busybox_dc": (["busybox", "dc", INPUTS / "numbers.dc"], ""),
        "busybox_sed": (["busybox", "sed", "-f", INPUTS / "rewrite.sed"], short),
        "busybox_sh": (["busybox", "sh", INPUTS / "variables.sh"], ""),
        "busybox_sort": (["busybox", "sort", "-t,", "-k2n"], short),
        "byacc": (["byacc", "-o", str(folder / "parser.c"), INPUTS / "grammar.y"], ""),
        "dash": (["dash", INPUTS / "variables.sh"], ""),
        "dc": (["dc", INPUTS / "numbers.dc"], ""),
        "ed": (["ed", "-s", str(folder / "edited")], EDITS),
        "markdown": (["markdown"], page(40)),
        "mawk_totals": (["mawk", "-f", INPUTS / "totals.awk"], long),
        "mawk_words": (["mawk", "-f", INPUTS / "words.awk"], short),
        "patch": (["patch", str(folder / "patched")], changes(300)),
        "sed": (["sed", "-f", INPUTS / "rewrite.sed"], short),
    }


def record_one(recorder, trace, command, text):
    """Runs a program under the recorder."""
    try:
        done = subprocess.run([recorder, "-o", trace, *command], input=text, capture_output=True, text=True,
                              env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, check=False)
    except OSError as error:
        raise BenchError(f"{recorder}: {error.strerror}") from error
    if done.returncode != 0 or not trace.exists():
        raise BenchError(f"{command[0]} ended with {done.returncode}: {done.stderr[-500:]}")


def record(recorder, directory, say):
    """Records every program; returns the files."""
    directory.mkdir(parents=True, exist_ok=True)
    recorded = []
    with tempfile.TemporaryDirectory() as folder:
        of_all = programs(Path(folder))
        say(f"Recording {', '.join(of_all)}")
        for name, (command, text) in of_all.items():
            trace = directory / f"{name}.mtr"
            trace.unlink(missing_ok=True)
            record_one(recorder, trace, command, text)
            recorded.append(trace)
    return recorded
