#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Looks at the library for Tock apps as it was compiled: what it needs of others, what it keeps in static memory,
which functions come in one object, and how it enters the kernel."""

import argparse
import re
import subprocess
import sys

import interface

ALLOCATION = set(interface.ALL)
# An allocator that printed would allocate, and one that called libgcc would be slow.
NEEDED_OF_OTHERS = {"memcpy", "memmove", "memset", "__errno", "errno", "_GLOBAL_OFFSET_TABLE_"}
STATIC_BYTES = 16


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols(tools, archive):
    """(object, kind, name) of every symbol."""
    member = ""
    for line in output_of(tools + "nm", archive).splitlines():
        if line.endswith(":"):
            member = line[:-1]
        elif line:
            kind, name = line.split()[-2:]
            yield member, kind, name


def unexpected_needs(found):
    defined = {name for _, kind, name in found if kind != "U" and kind != "w"}
    needed = {name for _, kind, name in found if kind in "Uw"}
    for name in sorted(needed - defined - NEEDED_OF_OTHERS):
        yield f"needs {name}"
    for _, kind, name in found:
        # The start-up code of an app moves the address 0 of what is not there to somewhere in the app's memory.
        if kind in "wv":
            yield f"{name} is a weak reference"


def missing_functions(found):
    places = {name: member for member, kind, name in found if kind == "T" and name in ALLOCATION}
    for name in sorted(ALLOCATION - places.keys()):
        yield f"{name} is missing"
    if len(set(places.values())) > 1:
        yield f"allocation functions are spread over {sorted(set(places.values()))}"


def too_much_static_memory(tools, archives):
    total = 0
    for archive in archives:
        for line in output_of(tools + "size", archive).splitlines()[1:]:
            total += int(line.split()[1]) + int(line.split()[2])
    print(f"static memory: {total} bytes")
    if total > STATIC_BYTES:
        yield f"{total} bytes of static memory, more than {STATIC_BYTES}"


def wrong_system_calls(tools, archive):
    code = output_of(tools + "objdump", "-d", "--no-show-raw-insn", archive)
    calls = re.findall(r"\b(svc\s+\S+|ecall)", code)
    print(f"system calls: {calls}")
    if len(calls) != 1:
        yield f"{len(calls)} instructions enter the kernel, not one"
    memop = code[code.index("<ebb_tock_memop>:"):].split("\n\n")[0]
    if "ecall" not in memop and not re.search(r"svc\s+5\b", memop):
        yield "memop is not system call 5"
    if re.search(r"\b(r9|sb)\b", memop):
        yield "memop touches register 9, the app's own"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="prefix of nm, size and objdump")
    parser.add_argument("port", help="libebb_tock.a")
    parser.add_argument("core", help="libebb_core_tock.a")
    arguments = parser.parse_args()

    found = list(symbols(arguments.tools, arguments.port)) + list(symbols(arguments.tools, arguments.core))
    wrong = [
        *unexpected_needs(found),
        *missing_functions(found),
        *too_much_static_memory(arguments.tools, [arguments.port, arguments.core]),
        *wrong_system_calls(arguments.tools, arguments.port),
    ]
    for line in wrong:
        print(f"wrong: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
