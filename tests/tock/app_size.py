#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""What malloc costs a Tock app in flash, static RAM and stack: links it as code of such an app, with -Os, for what an
app may call of it, and prints bytes for each, and those of each function."""

import argparse
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

import stack  # noqa: E402
from interface import ALL, FOUR, NEWLIBS  # noqa: E402
from toolchain import ROOT, TARGETS, BenchError, compile_all, compile_file, core_sources, link, run  # noqa: E402

PORT = ROOT / "port-tock"
HEADER = PORT / "include" / "ebb" / "tock.h"
TOCKS = re.findall(r"^[a-z].*\b(ebb_tock_\w+)\(", HEADER.read_text(encoding="utf-8"), re.MULTILINE)
APP_FLAGS = {
    "arm-none-eabi-": ["-mfloat-abi=soft", "-fPIC", "-msingle-pic-base", "-mpic-register=r9",
                       "-mno-pic-data-is-text-relative"],
    "riscv64-unknown-elf-": [],
}
FLAGS = ["-std=c11", "-Os", "-ffreestanding", "-fno-builtin-malloc", "-fno-builtin-calloc", "-DEBB_NUMBER_BITS=16",
         "-DEBB_GRANULE=8", "-DEBB_BEST_FIT=1", "-I", ROOT / "core" / "include", "-I", PORT / "include"]
USES = {
    "malloc and free": ["malloc", "free"],
    "also calloc, realloc, and newlib's own calls": FOUR + NEWLIBS,
    "every allocation function": ALL,
    "and all of ebb/tock.h": ALL + TOCKS,
}
WHOLE = "every allocation function"
# How the heap moves the break: what it calls by a pointer.
STORE = ["ebb_tock_raise_break", "lower_break", "raise_break_or_take_all"]
# What an app has anyway, a table of addresses among it.
STUB = """
void *memcpy(void *to, const void *from, unsigned long size) { (void)from; (void)size; return to; }
void *memmove(void *to, const void *from, unsigned long size) { (void)from; (void)size; return to; }
void *memset(void *to, int value, unsigned long size) { (void)value; (void)size; return to; }
static long error;
int *__errno(void) { return (int *)&error; }
"""
STUB_FUNCTIONS = ["memcpy", "memmove", "memset", "__errno"]
FLASH = (".text", ".rodata", ".srodata")
RAM = (".data", ".sdata", ".bss", ".sbss", ".got")


def compile_library(target, directory):
    """The objects of core and port, and of what is there in their absence."""
    flags = FLAGS + APP_FLAGS[TARGETS[target][0]]
    source = directory / "stub.c"
    source.write_text(STUB, encoding="ascii")
    stub = compile_file(target, [*flags, "-fno-builtin"], source, directory / "stub.o")
    core = compile_all(target, flags, core_sources(), directory, "core_")
    port = compile_all(target, flags, sorted((PORT / "source").glob("*.c")), directory, "port_")
    return stub, core, port


def program_of(target, objects, names, directory):
    """An app that refers to these functions and has nothing else."""
    roots = [f"-Wl,-u,{name}" for name in STUB_FUNCTIONS + names]
    return link(target, ["-nostdlib", "-Wl,-e,0", "-Wl,--build-id=none", *roots], objects, directory / "program.elf")


def section_sums(target, program):
    """Bytes of flash and of static RAM."""
    lines = [line.split() for line in run([TARGETS[target][0] + "size", "-A", program]).splitlines()]
    sizes = [(words[0], int(words[1])) for words in lines if len(words) == 3 and words[1].isdigit()]
    return tuple(sum(size for name, size in sizes if name.startswith(kinds)) for kinds in (FLASH, RAM))


def function_sizes(target, program):
    """(Name, bytes) of all functions and constants; once each, though the compiler may give one a second name."""
    lines = [line.split() for line in run([TARGETS[target][0] + "nm", "-S", program]).splitlines()]
    named = [words for words in lines if len(words) == 4 and words[2] in "tTrRW"]
    return [(name, int(size, 16)) for _, size, _, name in named if not name.endswith(".localalias")]


def origins(target, objects):
    """Names of what is defined in these objects."""
    text = run([TARGETS[target][0] + "nm", *objects])
    return set(re.findall(r" [tTrRW] (\S+)$", text, re.MULTILINE))


def measure(target, directory):
    """Use -> (flash, RAM, stack); and the functions of all of them, the port's first."""
    stub, core, port = compile_library(target, directory)
    empty_flash, empty_ram = section_sums(target, program_of(target, [stub], [], directory))
    sums = {}
    functions = []
    for use, names in USES.items():
        program = program_of(target, [stub, *core, *port], names, directory)
        flash, ram = section_sums(target, program)
        sums[use] = (flash - empty_flash, ram - empty_ram, stack.deepest(target, [*core, *port], names, STORE))
        if use == WHOLE:
            functions = [(name, size) for name, size in function_sizes(target, program) if name not in STUB_FUNCTIONS]
    ports = origins(target, port) - origins(target, core)
    return sums, [(name, size, name in ports) for name, size in functions]


def show_sums(target, sums):
    """A line for each use."""
    print(f"{target}: bytes of flash and of static RAM, entries in the table of addresses included; of stack at most\n")
    for use, (flash, ram, depth) in sums.items():
        print(f"  {flash:5} {ram:4} {depth:5}  {use}")


def show_functions(functions):
    """What the interface is made of, the largest first."""
    for of_port, title in ((True, "port"), (False, "core")):
        chosen = sorted(((size, name) for name, size, ports in functions if ports == of_port), reverse=True)
        print(f"\n  {title}, for {WHOLE}: {sum(size for size, _ in chosen)} bytes in functions")
        for size, name in chosen:
            print(f"  {size:5}  {name}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="which processors (default: cortex-m4)")
    parser.add_argument("--functions", action="store_true", help="print the bytes of each function as well")
    parser.add_argument("--limit", type=int, metavar="BYTES", help="fail if the port's functions take more flash")
    parser.add_argument("--static-limit", type=int, metavar="BYTES", help="fail if any use takes more static RAM")
    parser.add_argument("--stack-limit", type=int, metavar="BYTES", help="fail if any use may take more stack")
    arguments = parser.parse_args()
    unknown = [target for target in arguments.targets if target not in TARGETS]
    if unknown:
        parser.error(f"there is no target '{unknown[0]}'; there are {', '.join(TARGETS)}")
    return arguments


def exceeded(sums, functions, arguments):
    """What is more than its limit, as lines of text."""
    _, static, depth = map(max, zip(*sums.values()))
    limited = [
        ("flash of the port's functions", sum(size for _, size, ports in functions if ports), arguments.limit),
        ("static RAM", static, arguments.static_limit),
        ("stack", depth, arguments.stack_limit),
    ]
    return [f"{size} bytes of {what}: more than {limit}" for what, size, limit in limited
            if limit is not None and size > limit]


def show_target(target, arguments):
    """Prints what a target costs; returns whether the limits are kept."""
    with tempfile.TemporaryDirectory() as directory:
        sums, functions = measure(target, Path(directory))
    show_sums(target, sums)
    if arguments.functions:
        show_functions(functions)
    too_much = exceeded(sums, functions, arguments)
    for line in too_much:
        print(line, file=sys.stderr)
    return not too_much


def main():
    arguments = parse_arguments()
    try:
        kept = [show_target(target, arguments) for target in arguments.targets or ["cortex-m4"]]
    except BenchError as error:
        print(f"app_size.py: {error}", file=sys.stderr)
        return 2
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
