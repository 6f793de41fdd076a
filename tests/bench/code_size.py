# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Bytes of code, constants and static data of an allocator, which linking it adds, and of stack, which calls take."""

import stack
from toolchain import BENCH, TARGETS, compile_file, link, run

CODE = (".text", ".rodata", ".srodata")
STATIC = (".data", ".sdata", ".bss", ".sbss", ".tdata", ".tbss")
LIBRARY = ["-specs=picolibc.specs", "-nostartfiles", "-T", BENCH / "code_size.ld"]


def section_sizes(target, program):
    """The sizes of a program's sections."""
    prefix, _ = TARGETS[target]
    sizes = {}
    for line in run([f"{prefix}size", "-A", program]).splitlines():
        words = line.split()
        if len(words) == 3 and words[1].isdigit():
            sizes[words[0]] = int(words[1])
    return sizes


def totals(target, program):
    """Bytes of code with constants, and of static RAM. What initialises the latter is not counted as code."""
    sizes = section_sizes(target, program)
    code = sum(size for name, size in sizes.items() if name.startswith(CODE))
    static = sum(size for name, size in sizes.items() if name.startswith(STATIC))
    return code, static


def measure(subject, target, optimisation, directory):
    """What the subject adds to a program that has the same copying and clearing functions, but no allocator."""
    stub = compile_file(target, ["-Os", "-ffreestanding"], BENCH / "code_size_stub.c", directory / "stub.o")
    objects = subject.objects(target, optimisation, directory)
    roots = [f"-Wl,-u,{name}" for name in ("memcpy", "memmove", "memset")]
    empty = link(target, [*roots, *LIBRARY], [stub], directory / "empty.elf")
    roots += [f"-Wl,-u,{name}" for name in subject.functions]
    full = link(target, [*roots, *LIBRARY], [stub, *objects], directory / "full.elf")
    code, static = totals(target, full)
    empty_code, empty_static = totals(target, empty)
    return {"code": code - empty_code, "static": static - empty_static,
            "stack": stack.deepest(target, objects, subject.functions)}
