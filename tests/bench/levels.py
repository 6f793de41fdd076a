# SPDX-License-Identifier: Apache-2.0 OR MIT

"""What hardening costs: instructions, code and bytes of each level, in the compact geometry."""

import pages
from tables import number
from toolchain import ROOT, BenchError, run

SUBJECTS = {0: "ebb_16_8_level0", 1: "ebb_16_8", 2: "ebb_16_8_level2"}
WIDE = {level: name.replace("16_8", "32_16") for level, name in SUBJECTS.items()}
CODE_TARGETS = {"cortex-m4": "Cortex-M4", "rv32imac": "RV32IMAC"}

# Level 1 may take so much more than level 0, of each of these.
MOST = 1.12
LIMITED = {"alloc_and_free": "an allocation and a free", "call_mean": "all calls of a trace"}

INSTRUCTIONS = {
    "alloc_mean": "instructions of an allocation, mean",
    "free_mean": "instructions of a free, mean",
    "alloc_and_free": "both together",
    "realloc_mean": "instructions of a reallocation, mean",
    "call_mean": "instructions of a call, all functions, mean",
}

PAGE = ROOT / "docs" / "hardening.md"
BEGIN = "<!-- begin: what `bench.py levels` printed; `bench.py write-levels` puts it here -->"
END = "<!-- end: what `bench.py levels` printed -->"


def geometry(tool):
    """"bytes of a header; of the smallest block", as a program on that core says."""
    return run([tool]).strip()


def ratio(summaries, level, figure):
    """A figure of a level over that of level 0."""
    recorded = {which: summaries[SUBJECTS[which]]["recorded"] for which in (0, level)}
    return recorded[level][figure] / recorded[0][figure]


def over_level_0(summaries, level, figure):
    """"+10.9 %" for people to read."""
    return f"{ratio(summaries, level, figure) - 1:+.1%}".replace("%", " %")


def row(name, cells):
    """A line of a table."""
    return f"| {name} | {' | '.join(cells)} |"


def table(summaries, sizes, geometries):
    """All costs, one column for each level."""
    recorded = {level: summaries[name]["recorded"] for level, name in SUBJECTS.items()}
    lines = [row("", [f"level {level}" for level in SUBJECTS]), "|---" * (len(SUBJECTS) + 1) + "|"]
    for figure, text in INSTRUCTIONS.items():
        lines.append(row(text, [number(of_one[figure], figure) for of_one in recorded.values()]))
    for figure, text in LIMITED.items():
        lines.append(row(f"over level 0, {text}",
                         ["", *(over_level_0(summaries, level, figure) for level in (1, 2))]))
    for target, text in CODE_TARGETS.items():
        lines.append(row(f"bytes of code, {text}",
                         [str(sizes[name]["-Os"][target]["code"]) for name in SUBJECTS.values()]))
    lines.append(row("bytes of a header; of the smallest block",
                     [geometries[name] for name in SUBJECTS.values()]))
    lines.append(row("the same in the wide geometry with granule 16",
                     [geometries[name] for name in WIDE.values()]))
    lines.append(row("footprint: least memory for a trace over its peak of live bytes",
                     [number(of_one["footprint"], "footprint") for of_one in recorded.values()]))
    return "\n".join(lines)


def write(text):
    """Makes a table the one of the documentation."""
    pages.put_between(PAGE, BEGIN, END, text)


def check(summaries):
    """What level 1 takes more than level 0, as lines. An error if that is too much."""
    ratios = {text: ratio(summaries, 1, figure) for figure, text in LIMITED.items()}
    for text, value in ratios.items():
        if value > MOST:
            raise BenchError(f"hardening level 1 takes {value - 1:+.1%} instructions over level 0, of {text}: "
                             f"at most {MOST - 1:+.0%} is promised")
    return [f"level 1 over level 0, {text}: {value - 1:+.1%}; at most {MOST - 1:+.0%}"
            for text, value in ratios.items()]
