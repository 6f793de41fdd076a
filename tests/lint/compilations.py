# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Which sources a configured build compiles, and how: what the static analysers have to look at."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def read_arguments(description, **more):
    """The command line of an analyser: `build`, what `more` names and describes, and `skipped`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("build", help="the folder of a configured build")
    for name, meaning in more.items():
        parser.add_argument(name, help=meaning)
    parser.add_argument("skipped", nargs="*", default=[], metavar="skip", help="a folder whose sources are left out")
    return parser.parse_args()


def read(build, skipped):
    """The compile commands of our own sources, without those in a folder of `skipped`."""
    try:
        entries = json.loads(pathlib.Path(build, "compile_commands.json").read_text(encoding="utf-8"))
    except OSError as error:
        sys.exit(f"{build} is no configured build: {error.filename}: {error.strerror}")
    entries = chosen([entry for entry in entries if is_ours(entry, build, skipped)])
    return entries or sys.exit(f"{build} compiles no source of ours")


def is_ours(entry, build, skipped):
    """Whether this is a source of the project, not generated, and in no folder that is left out."""
    path = pathlib.Path(entry["file"])
    if path.suffix not in (".c", ".cpp") or not path.is_relative_to(ROOT):
        return False
    if path.is_relative_to(pathlib.Path(build).resolve()) or path.is_relative_to(ROOT / "build"):
        return False
    return not any(path.is_relative_to(ROOT / folder) for folder in skipped)


def chosen(entries):
    """One entry for each source and width of numbers: more targets of the same source show nothing new."""
    once = {}
    for entry in entries:
        width = re.findall(r"-DEBB_NUMBER_BITS=\d+", entry["command"])
        once.setdefault((entry["file"], *width), entry)
    return list(once.values())


def machine(entry):
    """The machine that an entry compiles for, by the name of its compiler: "arm", "riscv32", "riscv64" or "host"."""
    compiler = entry["command"].split()[0]
    if "arm-none-eabi" in compiler:
        return "arm"
    if "riscv64-unknown-elf" in compiler:
        return "riscv64" if re.search(r"-march=rv64", entry["command"]) else "riscv32"
    return "host"


def judge(analyser, check, entries):
    """Runs `check` on all entries, several at once; it returns whether one is clean, and what was said. Tells of those
    that are not, and returns the exit status."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(check, entries))
    findings = [(entry["file"], said) for entry, (clean, said) in zip(entries, outcomes) if not clean]
    for file, said in findings:
        print(f"{file}:\n{said}")
    print(f"{analyser}: {len(entries)} compilations checked, {len(dict(findings))} sources with findings.")
    return 1 if findings else 0
