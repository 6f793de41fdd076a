#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Measures ebb beside other allocators; see README.md in this folder."""

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import baseline
import code_size
import figures
import in_short
import instructions
import levels
import picture
import policies
import programs
import subjects
import tables
import times
import traces
import unseen
from toolchain import ROOT, TARGETS, BenchError

SIZE_TARGETS = [target for target in TARGETS if not target.endswith("_zbb")]
OPTIMISATIONS = ["-Os", "-O2"]
OTHER_TARGETS = ["rv32imac_zbb", "cortex-m3", "cortex-m0"]
SMALL = "rv32imac -Os"  # the first target again, compiled for size
# On the other targets, and compiled for size.
COMPARED = [baseline.SUBJECT, f"{baseline.SUBJECT}_best_fit", "picolibc", "newlib", "newlib-nano"]
DOCS = ROOT / "docs"
PICTURE = "speed-and-memory.svg"
IN_SHORT = "in-short.md"
TABLES_BEGIN = "<!-- What follows was printed by `cmake/run bench`; `bench.py write-docs` puts it here. -->"
SKIPPED = 77  # as CMakeLists.txt tells CTest

REPORT = []  # what is said and is a result, not progress


def say(text):
    """Shows progress at once, also when the output is a file."""
    print(text, flush=True)


def tell(text):
    """Shows a result, and keeps it for the report."""
    say(text)
    REPORT.append(text)


def own_malloc(name, known):
    """The subject that a C file is, which nothing else may be called."""
    path = Path(name).resolve()
    if not path.is_file():
        raise BenchError(f"there is no file {name}")
    if path.stem in (subject.name for subject in known.values()):
        raise BenchError(f"{name}: another subject has that name")
    return subjects.OwnMalloc(path)


def choose_subjects(names):
    """The subjects with these names, or all."""
    named = [*subjects.SUBJECTS, *subjects.CODE_ONLY, *subjects.OTHER_LEVELS]
    known = {subject.name: subject for subject in named}
    for name in dict.fromkeys(names):
        if name.endswith(subjects.OwnMalloc.ending):
            known[name] = own_malloc(name, known)
        elif name not in known:
            raise BenchError(f"there is no subject '{name}'; there are {', '.join(known)}, and files that end in "
                             f"{subjects.OwnMalloc.ending}")
    return [known[name] for name in names] if names else subjects.SUBJECTS


def in_parallel(arguments, work, items):
    """Does the work for all items, several at once, and returns the results in the order of the items."""
    with ThreadPoolExecutor(arguments.jobs) as pool:
        return list(pool.map(work, items))


def measure_instructions(arguments, target="rv32imac", names=None, optimisation=None):
    """Runs the subjects named, or all chosen ones, on the emulated board; returns {subject: summary}."""
    optimisation = optimisation or arguments.optimisation
    chosen = [subject for subject in choose_subjects(names or arguments.subject) if subject.available(target)]

    def measure(subject):
        directory = arguments.build / f"{target}{optimisation}" / subject.name
        replayed = arguments.trace or traces.ALL
        if target.startswith("cortex"):
            summary = times.measure(subject, target, optimisation, replayed, directory)
        else:
            summary = figures.summarise(instructions.measure(subject, target, optimisation, replayed, directory))
        say(f"  measured {subject.name} on {target}, {optimisation}")
        return summary

    say(f"Replaying traces on {target}, {optimisation}: {', '.join(subject.name for subject in chosen)}")
    return dict(zip([subject.name for subject in chosen], in_parallel(arguments, measure, chosen)))


def measure_code(arguments):
    """Links every chosen subject for every target; returns {subject: {optimisation: {target: sizes}}}."""
    others = [] if arguments.subject else subjects.CODE_ONLY
    chosen = [subject for subject in [*choose_subjects(arguments.subject), *others] if subject.available("rv32imac")]
    items = [(subject, optimisation, target) for subject in chosen for optimisation in OPTIMISATIONS
             for target in SIZE_TARGETS]

    def measure(item):
        subject, optimisation, target = item
        directory = arguments.build / "size" / f"{target}{optimisation}" / subject.name
        return code_size.measure(subject, target, optimisation, directory)

    say(f"Linking for {len(SIZE_TARGETS)} targets: {', '.join(subject.name for subject in chosen)}")
    sizes = {}
    for (subject, optimisation, target), size in zip(items, in_parallel(arguments, measure, items)):
        sizes.setdefault(subject.name, {}).setdefault(optimisation, {})[target] = size
    return sizes


def show_times(target, summaries):
    """Prints the table of a target that has only means."""
    tell(f"\nMean instructions per call on {target}, recorded traces:\n\n"
         f"{tables.by_subject(summaries, tables.MEAN_COLUMNS)}")


def show_instructions(summaries):
    """Prints the tables of instructions and memory."""
    # One subject in every detail is enough to read; results.json has the others too.
    for name, summary in list(summaries.items())[:1]:
        if name.startswith("ebb"):
            tell(f"\n{name}, per trace:\n\n{tables.by_trace(summary, tables.COLUMNS)}")
            tell(f"\n{tables.by_trace(summary, tables.MEMORY_COLUMNS)}")
    tell(f"\nInstructions per call, recorded traces (maxima: the worst trace):\n\n"
         f"{tables.by_subject(summaries, tables.COLUMNS)}")
    tell(f"\nMemory, recorded traces:\n\n{tables.by_subject(summaries, tables.MEMORY_COLUMNS)}")
    if baseline.SUBJECT in summaries:
        tell(f"\n{baseline.SUBJECT}:\n\n{tables.verdicts(summaries[baseline.SUBJECT])}")


def run_instructions(arguments):
    """Command `instructions`."""
    summaries = measure_instructions(arguments, arguments.target)
    if arguments.target.startswith("cortex"):
        show_times(arguments.target, summaries)
    else:
        show_instructions(summaries)


def show_code(sizes):
    """Prints the tables of code and stack, and whether the subject that must be small is."""
    tell("\nBytes of code + static RAM:\n\n" + tables.code_sizes(sizes))
    tell("\nBytes of stack at most:\n\n" + tables.stacks(sizes))
    if baseline.SUBJECT in sizes:
        tell("\n" + tables.code_verdict(sizes[baseline.SUBJECT]["-Os"]["cortex-m4"]["code"]))


def run_code_size(arguments):
    """Command `code-size`."""
    show_code(measure_code(arguments))


def tool(arguments, name):
    """The path of one of the host's tools."""
    path = arguments.tools / name
    if not path.exists():
        raise BenchError(f"there is no {path}: build the preset host first, or name the folder with --tools")
    return path


def run_policies(arguments):
    """Command `policies`: the default policy against the clairvoyant."""
    ratios = policies.cost_ratios(tool(arguments, "clairvoyant"), arguments.trace)
    tell("\nCost of the default policy over the least possible, by the price of an idle byte for one operation:\n\n"
         + tables.policy_costs(ratios))
    if "mean" in next(iter(ratios.values())):
        tell("\n" + tables.policy_verdicts(ratios))
    arguments.results["policies"] = ratios


def run_programs(arguments):
    """Command `programs`: real programs on this machine, on each allocator that can be preloaded."""
    library = arguments.tools.parent.parent / "port-host" / "libebb-malloc.so"
    measured = programs.measure(library, say)
    tell("\nReal programs on Linux: processor time over that with glibc (ratio of medians of paired runs), and peak "
         "resident memory:\n\n" + tables.of_programs(measured))
    arguments.results["programs"] = measured


def run_unseen(arguments):
    """Command `unseen`: programs that are recorded now, and played no part while ebb was made."""
    recorder = arguments.tools.parent.parent / "port-host" / "tools" / "ebb-trace"
    arguments.trace = unseen.record(recorder, arguments.build / "unseen", say)
    summaries = measure_instructions(arguments, names=arguments.subject or COMPARED)
    tell(f"\nPrograms that were not looked at while ebb was made: smallest memory over peak payload:\n\n"
         f"{tables.footprints(summaries)}")
    tell(f"\nThe same programs, means over all:\n\n"
         f"{tables.by_subject(summaries, tables.MEAN_COLUMNS | tables.MEMORY_COLUMNS)}")
    arguments.results["unseen"] = summaries
    arguments.results["unseen_policies"] = policies.cost_ratios(tool(arguments, "clairvoyant"), arguments.trace)
    tell(f"\nThe same programs, cost of the default policy:\n\n"
         f"{tables.policy_verdicts(arguments.results['unseen_policies'])}")


def measure_all_targets(arguments, names):
    """Instructions of every chosen subject on RV32IMAC, and of those named on the other targets and in small code."""
    measured = {"rv32imac": measure_instructions(arguments)}
    measured[SMALL] = measure_instructions(arguments, names=names, optimisation="-Os")
    for target in OTHER_TARGETS:
        measured[target] = measure_instructions(arguments, target, names)
    return measured


def run_all(arguments):
    """Command `all`: everything, into results.json and tables."""
    results = {"compilers": baseline.compilers(), "instructions": measure_all_targets(arguments, COMPARED),
               "code_size": measure_code(arguments)}
    first = in_short.of(results["instructions"]["rv32imac"], results["instructions"][SMALL], results["code_size"])
    tell(f"In short, instructions on RV32IMAC, code and stack on Cortex-M4:\n\n{first}")
    show_instructions(results["instructions"]["rv32imac"])
    tell(f"\nInstructions per call on {SMALL}, recorded traces (maxima: the worst trace):\n\n"
         f"{tables.by_subject(results['instructions'][SMALL], tables.COLUMNS)}")
    for target in OTHER_TARGETS:
        show_times(target, results["instructions"][target])
    show_code(results["code_size"])
    run_policies(arguments)
    run_programs(arguments)
    run_unseen(arguments)
    results |= arguments.results
    (arguments.build / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (arguments.build / "results.md").write_text("\n".join(REPORT).lstrip() + "\n", encoding="utf-8")
    (arguments.build / IN_SHORT).write_text(first + "\n", encoding="utf-8")
    (arguments.build / PICTURE).write_text(
        picture.speed_and_memory(results["instructions"]["rv32imac"]), encoding="utf-8")
    say(f"\nEverything is in {arguments.build}: results.json, these tables as results.md, and a picture of them")


def run_write_docs(arguments):
    """Command `write-docs`: the last results, as they were printed, become those of the documentation."""
    results = arguments.build / "results.md"
    if not results.exists():
        raise BenchError(f"there is no {results}: `cmake/run bench` makes it")
    page = DOCS / "benchmarks.md"
    written, marker, _ = page.read_text(encoding="utf-8").partition(TABLES_BEGIN)
    if not marker:
        raise BenchError(f"{page} has no line '{TABLES_BEGIN}'")
    page.write_text(f"{written}{marker}\n\n{results.read_text(encoding='utf-8')}", encoding="utf-8")
    (DOCS / "pictures").mkdir(exist_ok=True)
    (DOCS / "pictures" / PICTURE).write_bytes((arguments.build / PICTURE).read_bytes())
    in_short.write((arguments.build / IN_SHORT).read_text(encoding="utf-8").rstrip("\n"))
    say(f"Wrote the tables of {page}, its picture, and the table of {in_short.PAGE}")


def measure_for_baseline(arguments):
    """The figures that the baseline keeps."""
    arguments.subject = [baseline.SUBJECT]
    arguments.trace = traces.RECORDED
    measured = measure_all_targets(arguments, [baseline.SUBJECT])
    arguments.subject = [baseline.SUBJECT, *(subject.name for subject in subjects.CODE_ONLY)]
    return baseline.collect(measured, measure_code(arguments))


def run_write_baseline(arguments):
    """Command `write-baseline`."""
    baseline.write(measure_for_baseline(arguments))
    say(f"Wrote {baseline.PATH}; look at the difference before you commit it")


def run_check_baseline(arguments):
    """Command `check-baseline`."""
    before = baseline.read()
    if before is None:
        say("The baseline was made by other compilers than these; there is nothing to compare with.")
        return SKIPPED
    worse, better = baseline.compare(before, measure_for_baseline(arguments))
    for line in better:
        say(f"better: {line}")
    for line in worse:
        say(f"WORSE:  {line}")
    if better and not worse:
        say("Better than the baseline: keep it that way with `python3 tests/bench/bench.py write-baseline`.")
    if worse:
        raise BenchError(f"{len(worse)} figures are more than {baseline.TOLERANCE:.0%} worse than "
                         f"{baseline.PATH.name} says. If that is the price of something worth more, "
                         "`python3 tests/bench/bench.py write-baseline` accepts it.")
    say(f"{len(before)} figures are within {baseline.TOLERANCE:.0%} of the baseline or better")
    return 0


def measure_levels(arguments):
    """The table of what each hardening level costs."""
    arguments.subject = list(levels.SUBJECTS.values())
    geometries = {name: levels.geometry(tool(arguments, name.replace("ebb_", "geometry_")))
                  for name in [*levels.SUBJECTS.values(), *levels.WIDE.values()]}
    return levels.table(measure_instructions(arguments), measure_code(arguments), geometries)


def run_levels(arguments):
    """Command `levels`."""
    text = measure_levels(arguments)
    (arguments.build / "levels.md").write_text(text + "\n", encoding="utf-8")
    tell("\n" + text)


def run_write_levels(arguments):
    """Command `write-levels`."""
    printed = arguments.build / "levels.md"
    if not printed.exists():
        raise BenchError(f"there is no {printed}: `python3 tests/bench/bench.py levels` makes it")
    levels.write(printed.read_text(encoding="utf-8").rstrip("\n"))
    say(f"Wrote the table of {levels.PAGE}")


def run_check_levels(arguments):
    """Command `check-levels`."""
    arguments.trace = traces.RECORDED
    for line in levels.check(measure_instructions(arguments, names=[levels.SUBJECTS[0], levels.SUBJECTS[1]])):
        say(line)


def trace(text):
    """A trace that is named on the command line."""
    try:
        return traces.chosen(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="?", default="all", choices=list(COMMANDS), help="default: all")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", help="where to build and to write")
    parser.add_argument("--tools", type=Path, default=ROOT / "build" / "host" / "tests" / "bench",
                        help="where the host's tools were built")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--subject", action="append", default=[], metavar="SUBJECT",
                        help="only this allocator, by name or as a C file that has malloc; may be repeated")
    parser.add_argument("--trace", action="append", default=[], type=trace, metavar="TRACE",
                        help="only this trace, by name or as a file that ends in .mtr; may be repeated")
    parser.add_argument("--target", default="rv32imac", choices=["rv32imac", *OTHER_TARGETS])
    parser.add_argument("--optimisation", default="-O2", choices=["-Os", "-O1", "-O2", "-O3"])
    arguments = parser.parse_args()
    if len({Path(name).stem for name in arguments.trace}) < len(arguments.trace):
        parser.error("argument --trace: two traces have one name")
    return arguments


COMMANDS = {"all": run_all, "instructions": run_instructions, "code-size": run_code_size, "policies": run_policies,
            "programs": run_programs, "unseen": run_unseen, "write-docs": run_write_docs,
            "write-baseline": run_write_baseline, "check-baseline": run_check_baseline, "levels": run_levels,
            "write-levels": run_write_levels, "check-levels": run_check_levels}


def main():
    """Runs the command and says what went wrong."""
    arguments = parse_arguments()
    arguments.build.mkdir(parents=True, exist_ok=True)
    arguments.results = {}
    try:
        subjects.prepare(arguments.build)
        return COMMANDS[arguments.command](arguments) or 0
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever reads has seen enough. What is still in the buffer must not fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
