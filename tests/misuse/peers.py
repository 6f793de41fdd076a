# SPDX-License-Identifier: Apache-2.0 OR MIT

"""newlib's and picolibc's allocators, as they run on RV32: built here, run by QEMU's user mode."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCH = HERE.parent / "bench"
UNIT = HERE.parent / "unit" / "support"
sys.path.insert(0, str(BENCH))

import subjects  # noqa: E402 (the folder has to be named first)
from pages import put_between  # noqa: E402,F401
from toolchain import BenchError, compile_all, link  # noqa: E402,F401

TARGET = "rv32imac"
EMULATOR = ["qemu-riscv32"]
LAYOUTS = {"newlib": "layout_boundary_tags.c", "newlib-nano": "layout_nano.c", "picolibc": "layout_nano.c"}


def build(subject, directory):
    """Builds the program for one subject and returns its path."""
    flags = ["-O2", "-std=c11", "-Wall", "-Wextra", "-specs=picolibc.specs", "-fno-builtin-malloc", "-I", HERE,
             "-I", UNIT]
    sources = [HERE / "misuse.c", HERE / "scene.c", *sorted((HERE / "misuses").glob("*.c")), UNIT / "random.c",
               HERE / "riscv" / "process.c", HERE / "riscv" / "start.S", HERE / "subject_libc.c",
               HERE / LAYOUTS[subject.name]]
    objects = compile_all(TARGET, flags, sources, directory, "harness_")
    objects += subject.objects(TARGET, "-O2", directory)
    library = ["-specs=picolibc.specs", "-nostartfiles", "-T", HERE / "riscv" / "program.ld"]
    return link(TARGET, library, objects, directory / "misuse.elf")


def build_all(directory, say):
    """{subject: command} of all peers that can be built here."""
    subjects.prepare(directory)
    commands = {}
    for subject in subjects.SUBJECTS:
        if subject.name in LAYOUTS:
            if not subject.available(TARGET):
                raise BenchError(f"{subject.name} is not installed (cmake/run installs what is missing)")
            commands[subject.name] = [*EMULATOR, build(subject, directory / subject.name)]
            say(f"  built {subject.name}")
    return commands
