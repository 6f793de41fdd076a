# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The committed figures, and whether new ones are worse."""

import json

from toolchain import BENCH, TARGETS, BenchError, run

PATH = BENCH / "baseline.json"
SUBJECT = "ebb_16_8"
TOLERANCE = 0.03
INSTRUCTIONS = ("alloc_mean", "free_mean", "realloc_mean")
MEMORY = ("footprint", "region_over_payload")


def compilers():
    """The versions of the compilers, which figures depend on."""
    prefixes = sorted({prefix for prefix, _ in TARGETS.values()})
    return {prefix: run([f"{prefix}gcc", "-dumpfullversion"]).strip() for prefix in prefixes}


def collect(instructions, sizes):
    """The figures to keep, as {name: value}; less is better for all of them."""
    figures = {}
    for target, summaries in instructions.items():
        recorded = summaries[SUBJECT]["recorded"]
        kept = INSTRUCTIONS + (MEMORY if target == "rv32imac" else ())
        for name in kept:
            figures[f"{target} {name}"] = round(recorded[name], 4)
    for subject, by_optimisation in sizes.items():
        variant = subject.removeprefix(SUBJECT).replace("_", " ")
        for optimisation, by_target in by_optimisation.items():
            for target, size in by_target.items():
                figures[f"{target} code {optimisation}{variant}"] = size["code"]
                figures[f"{target} stack {optimisation}{variant}"] = size["stack"]
    return figures


def write(figures):
    """Makes these figures the baseline."""
    content = {"compilers": compilers(), "figures": figures}
    PATH.write_text(json.dumps(content, indent=1) + "\n", encoding="ascii")


def read():
    """The baseline, or None if its compilers are not the ones here, so that there is nothing to compare."""
    if not PATH.exists():
        raise BenchError(f"there is no {PATH}; `bench.py write-baseline` makes it")
    content = json.loads(PATH.read_text(encoding="ascii"))
    return content["figures"] if content["compilers"] == compilers() else None


def compare(before, now):
    """Returns what is worse by more than the tolerance, and what is better by more than it, as lines of text."""
    worse, better = [], []
    for name in sorted(before.keys() - now.keys()):
        worse.append(f"{name}: was {before[name]}, is not measured any more")
    for name, value in now.items():
        if name not in before:
            worse.append(f"{name}: {value}, is not in the baseline")
            continue
        change = value / before[name] - 1
        line = f"{name}: was {before[name]}, is {round(value, 4)} ({change:+.1%})"
        if change > TOLERANCE:
            worse.append(line)
        elif change < -TOLERANCE:
            better.append(line)
    return worse, better
