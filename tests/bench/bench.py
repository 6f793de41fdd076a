#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Measures ebb beside other allocators; see README.md in this folder."""

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import code_size
import figures
import instructions
import tables
import traces
from subjects import SUBJECTS
from toolchain import ROOT, TARGETS, BenchError

SIZE_TARGETS = [target for target in TARGETS if not target.endswith("_zbb")]
OPTIMISATIONS = ["-Os", "-O2"]


def say(text=""):
    """Shows text at once, also when the output is a file."""
    print(text, flush=True)


def choose_subjects(names):
    """The subjects with these names, or all."""
    known = {subject.name: subject for subject in SUBJECTS}
    for name in names:
        if name not in known:
            raise BenchError(f"there is no subject '{name}'; there are {', '.join(known)}")
    return [known[name] for name in names] if names else SUBJECTS


def in_parallel(arguments, work, items):
    """Does the work for all items, several at once, and returns the results in the order of the items."""
    with ThreadPoolExecutor(arguments.jobs) as pool:
        return list(pool.map(work, items))


def measure_instructions(arguments, target="rv32imac"):
    """Runs every chosen subject on the emulated board; returns {subject: summary}."""
    subjects = [subject for subject in choose_subjects(arguments.subject) if subject.available("rv32imac")]

    def measure(subject):
        directory = arguments.build / f"{target}{arguments.optimisation}" / subject.name
        measured = instructions.measure(subject, target, arguments.optimisation, arguments.trace or traces.ALL,
                                        directory)
        say(f"  measured {subject.name} on {target}")
        return figures.summarise(measured)

    say(f"Replaying traces on {target}, {arguments.optimisation}: {', '.join(subject.name for subject in subjects)}")
    return dict(zip([subject.name for subject in subjects], in_parallel(arguments, measure, subjects)))


def measure_code(arguments):
    """Links every chosen subject for every target; returns {subject: {optimisation: {target: sizes}}}."""
    subjects = [subject for subject in choose_subjects(arguments.subject) if subject.available("rv32imac")]
    items = [(subject, optimisation, target) for subject in subjects for optimisation in OPTIMISATIONS
             for target in SIZE_TARGETS]

    def measure(item):
        subject, optimisation, target = item
        directory = arguments.build / "size" / f"{target}{optimisation}" / subject.name
        return code_size.measure(subject, target, optimisation, directory)

    say(f"Linking for {len(SIZE_TARGETS)} targets: {', '.join(subject.name for subject in subjects)}")
    sizes = {}
    for (subject, optimisation, target), size in zip(items, in_parallel(arguments, measure, items)):
        sizes.setdefault(subject.name, {}).setdefault(optimisation, {})[target] = size
    return sizes


def show_instructions(summaries):
    """Prints the tables of instructions and memory."""
    for name, summary in summaries.items():
        if name.startswith("ebb"):
            say(f"\n{name}, per trace:\n\n{tables.by_trace(summary, tables.COLUMNS)}")
            say(f"\n{tables.by_trace(summary, tables.MEMORY_COLUMNS)}")
    say(f"\nInstructions per call, recorded traces (maxima: the worst trace):\n\n"
        f"{tables.by_subject(summaries, tables.COLUMNS)}")
    say(f"\nMemory, recorded traces:\n\n{tables.by_subject(summaries, tables.MEMORY_COLUMNS)}")
    for name, summary in summaries.items():
        if name.startswith("ebb"):
            say(f"\n{name}:\n\n{tables.verdicts(summary)}")


def run_instructions(arguments):
    """Command `instructions`."""
    show_instructions(measure_instructions(arguments, arguments.target))


def run_code_size(arguments):
    """Command `code-size`."""
    say("\nBytes of code + static RAM:\n\n" + tables.code_sizes(measure_code(arguments)))


def run_all(arguments):
    """Command `all`: everything, into results.json and tables."""
    results = {"instructions": {"rv32imac": measure_instructions(arguments)}, "code_size": measure_code(arguments)}
    show_instructions(results["instructions"]["rv32imac"])
    say("\nBytes of code + static RAM:\n\n" + tables.code_sizes(results["code_size"]))
    output = arguments.build / "results.json"
    output.write_text(json.dumps(results, indent=1), encoding="utf-8")
    say(f"\nEverything is in {output}")


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="?", default="all", choices=list(COMMANDS), help="default: all")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", help="where to build and to write")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--subject", action="append", default=[], help="only this allocator; may be repeated")
    parser.add_argument("--trace", action="append", default=[], choices=traces.ALL, metavar="NAME",
                        help="only this trace; may be repeated")
    parser.add_argument("--target", default="rv32imac", choices=["rv32imac", "rv32imac_zbb"])
    parser.add_argument("--optimisation", default="-O2")
    return parser.parse_args()


COMMANDS = {"all": run_all, "instructions": run_instructions, "code-size": run_code_size}


def main():
    """Runs the command and says what went wrong."""
    arguments = parse_arguments()
    arguments.build.mkdir(parents=True, exist_ok=True)
    try:
        COMMANDS[arguments.command](arguments)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
