#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Commits misuses against ebb and other allocators; see README.md in this folder."""

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matrix
import peers
from results import MisuseError, Result, read_list, read_results

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXPECTED = HERE / "expected.json"
PAGE = ROOT / "docs" / "hardening.md"
TABLES_BEGIN = "<!-- begin: what `cmake/run misuse` printed; `misuse.py write-docs` puts it here -->"
TABLES_END = "<!-- end: what `cmake/run misuse` printed -->"

QUICK_TRIALS = 256  # of what is random, as CTest makes them; expected.json holds for these
EBB_TRIALS = 8192  # of the levels that check anything: to see what they miss rarely
PEER_TRIALS = 1024  # as of level 0: what happens often shows
EMULATED_TRIALS = 128
TIMEOUT = 1800


def say(text):
    """Shows progress at once, also when the output is a file."""
    print(text, flush=True)


def execute(command, trials):
    """Runs a program for one subject and returns {misuse: Result}."""
    words = [*map(str, command), str(trials)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise MisuseError(f"{' '.join(words)}: {failure}") from failure
    return read_results(words, done)


def programs_of_ebb(folder):
    """{subject: program} of what the build has made for ebb, and of glibc's."""
    found = {path.name.removeprefix("misuse_"): path for path in sorted(folder.glob("misuse_*"))
             if path.is_file() and os.access(path, os.X_OK) and not path.suffix}
    if not found:
        raise MisuseError(f"no programs in {folder}: build the preset host first, or name their folder with --programs")
    return found


def trials_for(arguments, subject):
    """How often what is random is done."""
    if arguments.trials:
        return arguments.trials
    return EBB_TRIALS if subject.startswith("ebb") and not subject.endswith("_level0") else PEER_TRIALS


def run_all(arguments):
    """Command `all`: every subject, into results.json and the tables."""
    programs = programs_of_ebb(arguments.programs)
    work = [(name, [path], trials_for(arguments, name)) for name, path in programs.items()]
    emulated = arguments.trials or EMULATED_TRIALS
    work += [(name, command, emulated) for name, command in peers.build_all(arguments.build, say).items()]

    def try_subject(item):
        name, command, trials = item
        results = execute(command, trials)
        say(f"  tried {name}")
        return results

    say(f"Committing misuses against {', '.join(name for name, _, _ in work)}")
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = dict(zip([name for name, _, _ in work], pool.map(try_subject, work)))
    groups = read_list(next(iter(programs.values())))
    text = matrix.everything(groups, results)
    (arguments.build / "results.md").write_text(text + "\n", encoding="utf-8")
    plain = {name: {misuse: result.present() for misuse, result in of_one.items()} for name, of_one in results.items()}
    (arguments.build / "results.json").write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    say(f"\n{text}\n\nAll of it is in {arguments.build}: results.json, and these tables as results.md")


def run_write_docs(arguments):
    """Command `write-docs`: the last tables become those of the documentation."""
    results = arguments.build / "results.md"
    if not results.exists():
        raise MisuseError(f"there is no {results}: `cmake/run misuse` makes it")
    peers.put_between(PAGE, TABLES_BEGIN, TABLES_END, results.read_text(encoding="utf-8").rstrip("\n"))
    say(f"Wrote the tables of {PAGE.relative_to(ROOT)}")


def quick_results(arguments):
    """What CTest looks at: ebb alone, and less of what is random."""
    programs = {name: path for name, path in programs_of_ebb(arguments.programs).items() if name.startswith("ebb")}
    with ThreadPoolExecutor(arguments.jobs) as pool:
        return dict(zip(programs, pool.map(lambda path: execute([path], QUICK_TRIALS), programs.values())))


def run_write_expected(arguments):
    """Command `write-expected`."""
    plain = {name: {misuse: result.present() for misuse, result in of_one.items()}
             for name, of_one in quick_results(arguments).items()}
    EXPECTED.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    say(f"Wrote {EXPECTED.relative_to(ROOT)}; look at the difference before you commit it")


def compare(expected, results):
    """(what has become worse, what better), as lines."""
    worse, better = [], []
    for name, of_one in results.items():
        for misuse, result in of_one.items():
            if misuse not in expected.get(name, {}):
                worse.append(f"{name} {misuse}: nothing is known of it")
                continue
            before = Result(expected[name][misuse])
            text = f"{name} {misuse}: {result.text()}; was: {before.text()}"
            if result.is_worse_than(before):
                worse.append(text)
            elif before.is_worse_than(result):
                better.append(text)
    gone = [f"{name} {misuse}: is not tried any more" for name, of_one in expected.items() for misuse in of_one
            if misuse not in results.get(name, {})]
    return worse + gone, better


def run_check(arguments):
    """Command `check`: has any outcome of ebb become worse?"""
    worse, better = compare(json.loads(EXPECTED.read_text(encoding="utf-8")), quick_results(arguments))
    for line in better:
        say(f"better: {line}")
    for line in worse:
        say(f"WORSE:  {line}")
    if better and not worse:
        say("Keep it that way with `python3 tests/misuse/misuse.py write-expected`.")
    if worse:
        raise MisuseError(f"{len(worse)} outcomes are worse than {EXPECTED.relative_to(ROOT)} says. If that is meant, "
                          "`python3 tests/misuse/misuse.py write-expected` accepts it.")
    say("No outcome is worse than expected.")


COMMANDS = {"all": run_all, "check": run_check, "write-docs": run_write_docs, "write-expected": run_write_expected}


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="?", default="all", choices=list(COMMANDS), help="default: all")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "misuse", help="where to build and to write")
    parser.add_argument("--programs", type=Path, default=ROOT / "build" / "host" / "tests" / "misuse",
                        help="where the programs for ebb and glibc were built")
    parser.add_argument("--trials", type=int, default=0, metavar="N",
                        help="how often `all` does what is random: default "
                             f"{EBB_TRIALS} for ebb, {PEER_TRIALS} for its level 0 and glibc, "
                             f"{EMULATED_TRIALS} for the others")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def main():
    """Runs the command and says what went wrong."""
    arguments = parse_arguments()
    arguments.build.mkdir(parents=True, exist_ok=True)
    try:
        COMMANDS[arguments.command](arguments)
    except (MisuseError, peers.BenchError) as error:
        print(f"misuse: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
