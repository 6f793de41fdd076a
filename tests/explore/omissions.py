# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Leaves out statements of the core, one at a time, and looks whether the explorer notices.

Copies of the core with one statement less are made in the build folder, compiled, and explored. One that is found
wrong, crashes or never ends was noticed. Those that were not are listed: a statement that only makes the heap faster
is among them by right. (tests/mutants changes core in many more ways, for the unit tests to notice.)
"""

import argparse
import pathlib
import re
import subprocess
import sys

# Where blocks are cut, merged, listed and moved; not where the policy decides or damage is looked for.
FILES = ["bins.h", "block.h", "header.h", "alloc.c", "aligned_alloc.c", "free.c", "realloc.c", "region.c"]
# What only hardening level 2 does, and what is only said, it cannot notice.
STATEMENT = re.compile(r"^\s+(?=\S)(?!ebb_poison|ebb_report|ebb_return)"
                       r"(?!return|break|continue|else|case|goto|for|while|if|static|const|enum|struct|_St)"
                       r"[\w\->\[\]().* ]+(\(.*\)| [-+|&]?= .+|\+\+|--);$")
DECLARATION = re.compile(r"^\s+(?:const |unsigned |struct )*\w+ \*?\w+(\[.*\])? = ")
SECONDS = 60


def statements(source):
    """Every statement that can be left out without an error: those that declare nothing, on one line."""
    for name in FILES:
        for number, line in enumerate((source / name).read_text(encoding="utf-8").splitlines()):
            if STATEMENT.match(line) and not DECLARATION.match(line):
                yield name, number, line.strip()


def evenly(items, count):
    """So many of the items, from the first to the last."""
    if count >= len(items):
        return items
    return [items[index * len(items) // count] for index in range(count)]


def write_copy(source, folder, name, number):
    """A copy of the core without one line."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if path.name == name:
            lines[number] = "\n"
        (folder / path.name).write_text("".join(lines), encoding="utf-8")


def compiles(arguments, folder):
    """Whether the explorer could be built with the copy."""
    core = sorted(str(path) for path in folder.glob("*.c"))
    command = [arguments.compiler, "-std=c11", "-O1", "-w", "-DEBB_NUMBER_BITS=16", "-DEBB_GRANULE=8",
               "-fno-builtin-malloc", "-fno-builtin-calloc", "-I", str(folder), "-I", str(arguments.include),
               *core, arguments.knowledge, *arguments.explorer, "-o", str(folder / "explore")]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def is_noticed(folder):
    """Whether exploring ends in anything but success."""
    for options in (["--granules", "4", "--zero"], ["--granules", "5"], ["--granules", "9", "--policies", "fixed",
                                                                        "--depth", "5"]):
        command = [str(folder / "explore"), *options]
        try:
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS,
                                  check=False)
        except subprocess.TimeoutExpired:
            return True
        if done.returncode != 0:
            return True
    return False


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--core", type=pathlib.Path, required=True, help="the folder core")
    parser.add_argument("explorer", nargs="+", help="its object files, but that which knows core's inside")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="where copies are made")
    parser.add_argument("--compiler", default="cc")
    parser.add_argument("--count", type=int, default=sys.maxsize, help="leave out so many only, evenly chosen")
    parser.add_argument("--least", type=int, default=0, metavar="PERCENT", help="fail if fewer are noticed")
    arguments = parser.parse_args()
    arguments.include = arguments.core / "include"
    arguments.knowledge = str(pathlib.Path(__file__).with_name("control_knowledge.c"))
    return arguments


def main():
    arguments = read_arguments()
    source = arguments.core / "source"
    chosen = evenly(list(statements(source)), arguments.count)
    built = noticed = 0
    folder = arguments.build / "omission"
    write_copy(source, folder, None, None)
    if not compiles(arguments, folder) or is_noticed(folder):
        sys.exit("omissions.py: the core as it is does not compile, or is wrong by itself")
    for place, (name, number, text) in enumerate(chosen, start=1):
        if sys.stdout.isatty():
            print(f"\r\033[K{place} of {len(chosen)}: {name}:{number + 1}", end="", flush=True)
        write_copy(source, folder, name, number)
        if not compiles(arguments, folder):
            continue
        built += 1
        if is_noticed(folder):
            noticed += 1
        else:
            print(("\r\033[K" if sys.stdout.isatty() else "") + f"not noticed: {name}:{number + 1}: {text}")
    print(("\r\033[K" if sys.stdout.isatty() else "") + f"{noticed} of {built} omissions noticed")
    if built == 0 or 100 * noticed < arguments.least * built:
        sys.exit(f"omissions.py: fewer than {arguments.least} of 100 were noticed")


if __name__ == "__main__":
    main()
