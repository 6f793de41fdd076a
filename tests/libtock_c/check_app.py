#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Builds apps as libtock-c does, with one line for ebb, for one target and all the C libraries there are for it: they
have one heap, and it is ebb's; an app with a part of the C library's own malloc does not link, and is told why."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.append(str(HERE.parent / "tock"))

import interface  # noqa: E402

# Directory to build in -> the C libraries that one compilation serves.
LIBRARIES = {
    "arm": {"newlib": ["newlib", "nano"], "picolibc": ["picolibc"]},
    "riscv": {"picolibc": ["picolibc"]},
}
ALLOCATION = set(interface.ALL)
# Where other allocators keep their memory, and how they would get it. Only ebb moves the break, and by itself.
SECOND_HEAP = {"__malloc_av_", "__malloc_free_list", "__malloc_sbrk_start", "_sbrk", "sbrk", "_sbrk_r"}
STATIC_POINTER = "ebb_tock_app_heap"
MESSAGE = "ebb: a part of the C library's own malloc is linked into this app"
STATIC_BYTES = 8


def wrapped_in(source):
    """The functions that a source stands in for, if the linker wraps them."""
    return set(re.findall(r"^\w.*\b__wrap_(\w+)\(.*{$", (ROOT / source).read_text(encoding="utf-8"), re.MULTILINE))


RELIEVED = wrapped_in("port-tock/libtock-c/relief.c")
RECORDED = wrapped_in("core/recorder/source/wrap.c")


class Wrong(Exception):
    """What is wrong with an app."""


def run_make(place, *settings):
    """Builds what the makefile of a folder says, with these variables set in it."""
    jobs = f"--jobs={os.cpu_count()}"
    return subprocess.run(["make", jobs, "-C", place, *settings], capture_output=True, text=True, check=False)


def make(app, target, library, directory, *settings):
    """Builds an app, with these variables set in its makefile; the program of an earlier one goes away."""
    for left in (directory / target).glob(f"{target}.*"):
        left.unlink()
    return run_make(HERE, f"APP={app}", f"TOCK_ARCHS={target}", f"LIBC={library}", f"BUILDDIR={directory}", *settings)


def built(app, target, library, directory, *settings):
    """Builds an app that has to link, without a warning; returns the path of its program."""
    done = make(app, target, library, directory, *settings)
    if done.returncode != 0 or done.stderr:
        raise Wrong(f"{app} does not build cleanly with {library}:\n{done.stderr[-3000:]}")
    return directory / target / f"{target}.elf"


def output_of(*command):
    """What a command prints."""
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


def symbols(tools, program):
    """Name -> address of all symbols of a program."""
    lines = (line.split() for line in output_of(tools + "nm", program).splitlines())
    return {words[-1]: int(words[0], 16) for words in lines if len(words) == 3}


def sections(program):
    """(address, end, name, object) of what the linker's map says came from an object."""
    text = program.with_suffix(".Map").read_text()
    text = text[text.index("Linker script and memory map"):]
    for match in re.finditer(r"^ (\.\S+)\s+0x(\w+)\s+0x(\w+) (\S+\.(?:a\(\S+\)|o))$", text, re.MULTILINE):
        start, size = int(match[2], 16), int(match[3], 16)
        if size != 0:
            yield start, start + size, match[1], match[4]


def check_one_heap(tools, program):
    """All allocation functions there are come from one object of ebb's, and nothing else manages memory."""
    found = symbols(tools, program)
    for name in sorted(SECOND_HEAP & found.keys()):
        raise Wrong(f"{name} is there: a second heap")
    if ALLOCATION & found.keys() and "ebb_alloc" not in found:
        raise Wrong("ebb is not there")
    origins = [section for section in sections(program) if section[2].startswith(".text")]
    for name in sorted(ALLOCATION & found.keys()):
        address = found[name] & ~1
        owners = {origin for start, end, _, origin in origins if start <= address < end}
        if not owners or not all(origin.endswith("/ebb.a(malloc.o)") for origin in owners):
            raise Wrong(f"{name} comes from {owners or 'nowhere'}")


def static_memory(tools, program):
    """Bytes that ebb takes of an app's static memory: its data, and its own entries in the table of addresses."""
    ours = [section for section in sections(program) if "/ebb.a(" in section[3]]
    data = sum(end - start for start, end, name, _ in ours if re.match(r"\.s?(data|bss)", name))
    code = [(start, end) for start, end, name, _ in ours if name.startswith(".text")]
    users = {}
    for line in output_of(tools + "readelf", "-rW", program).splitlines():
        words = line.split()
        if len(words) >= 5 and words[2] == "R_ARM_GOT_BREL":
            address = int(words[0], 16)
            users.setdefault(words[3] + words[4], set()).add(any(start <= address < end for start, end in code))
    table = 4 * sum(1 for by_us in users.values() if by_us == {True})
    return data + table


def callers(tools, program):
    """Function -> names of the functions that call it, or go on there."""
    found = {}
    caller = None
    for line in output_of(tools + "objdump", "-d", "--no-show-raw-insn", program).splitlines():
        if label := re.match(r"^[0-9a-f]+ <(.+)>:$", line):
            caller = label[1]
        elif called := re.search(r"\s<([A-Za-z_]\w*)>$", line):
            found.setdefault(called[1], set()).add(caller)
    return found


def check_ebb_is_used(tools, app, library, program):
    """What an app prints with needs no memory in picolibc; all else does."""
    if "ebb_alloc" not in symbols(tools, program) and (app, library) != ("prints", "picolibc"):
        raise Wrong(f"{app} with {library}: ebb is not there")


def check_relief(tools, program):
    """Every system call that may want a grant goes through relief, those of libraries included."""
    calls = callers(tools, program)
    for name in RELIEVED:
        direct = calls.get(name, set()) - {f"__wrap_{name}", name}
        if direct:
            raise Wrong(f"{name} is called by {sorted(direct)} without relief")
        if "libtock_driver_use" not in calls.get(f"__wrap_{name}", set()):
            raise Wrong(f"relief for {name} is not called by a library")


def check_without_relief(tools, program):
    """Nothing of relief is there unless it was asked for."""
    there = sorted(name for name in symbols(tools, program) if "wrap" in name or "relieve" in name)
    if there:
        raise Wrong(f"{there} are there without relief")


def check_costs_nothing(tools, program):
    """An app that allocates nothing has no code of ebb's."""
    there = sorted(name for name in symbols(tools, program) if name.startswith("ebb_") and name != STATIC_POINTER)
    if there:
        raise Wrong(f"{there} are there, and nobody allocates")


def check_costs_relief_only(tools, program):
    """An app that allocates nothing but has relief for its drivers can give back, and no more."""
    there = symbols(tools, program).keys()
    if needless := sorted(there & (ALLOCATION | {"ebb_alloc", "ebb_free", "ebb_tock_heap"})):
        raise Wrong(f"{needless} are there, and nobody allocates")
    if "ebb_tock_relieve" not in there:
        raise Wrong("relief is not there")


def check_driver(tools, target, library, directory):
    """An app that uses a driver, with relief and without."""
    check_without_relief(tools, built("uses_driver", target, library, directory))
    check_costs_nothing(tools, built("uses_driver_only", target, library, directory))
    with_relief = directory.with_name(f"{directory.name}-relief")
    program = built("uses_driver", target, library, with_relief, "EBB_RELIEF=1")
    check_one_heap(tools, program)
    check_relief(tools, program)
    check_costs_relief_only(tools, built("uses_driver_only", target, library, with_relief, "EBB_RELIEF=1"))
    print(f"{target}, {library}, uses_driver: every system call has relief")


def check_target(tools, target, directory):
    """Raises Wrong if anything is."""
    shutil.rmtree(directory, ignore_errors=True)
    family = "riscv" if target.startswith("rv") else "arm"
    for folder, libraries in LIBRARIES[family].items():
        for library in libraries:
            for app in ("prints", "allocates"):
                program = built(app, target, library, directory / folder)
                check_one_heap(tools, program)
                check_ebb_is_used(tools, app, library, program)
                static = static_memory(tools, program)
                print(f"{target}, {library}, {app}: one heap, {static} bytes of static memory")
                if static > STATIC_BYTES:
                    raise Wrong(f"{app} with {library}: {static} bytes of static memory, more than {STATIC_BYTES}")
            check_costs_nothing(tools, built("allocates_nothing", target, library, directory / folder))
            check_driver(tools, target, library, directory / folder)
            refused = make("looks_inside", target, library, directory / folder)
            if refused.returncode == 0:
                raise Wrong(f"an app with two heaps links with {library}")
            if MESSAGE not in refused.stderr:
                raise Wrong(f"{library}: an app with two heaps does not say what to do:\n{refused.stderr[-3000:]}")


def check_settings(target, directory):
    """A setting that means nothing is an error, and so is a path as a shell completes it."""
    for setting in ("EBB_RELIEF=yes", "EBB_RECORDER=2", "EBB_GRANULE=4", "EBB_HARDENING=3",
                    "EXTERN_LIBS=../../port-tock/libtock-c/ebb/"):
        refused = make("prints", target, "picolibc", directory, setting)
        if refused.returncode == 0 or "*** ebb: " not in refused.stderr:
            raise Wrong(f"{setting} is not refused:\n{refused.stderr[-3000:]}")


def commands(target, directory, **settings):
    """The words of the commands that make would run for an app whose makefile has set these, and the wrapped calls."""
    done = subprocess.run(
        ["make", "-n", "-C", HERE, "APP=prints", f"TOCK_ARCHS={target}", "LIBC=picolibc", f"BUILDDIR={directory}"],
        capture_output=True, text=True, check=True, env={**os.environ, **settings})
    compiling = [line.split() for line in done.stdout.splitlines() if "port-tock/source/malloc.c" in line]
    if not compiling:
        raise Wrong(f"malloc.c is not compiled:\n{done.stdout}")
    return set(compiling[0]), set(re.findall(r"--wrap=(\w+)", done.stdout))


def check_flags(target, directory):
    """Settings, and what an app gets that has none, reach the compiler and the linker."""
    always = {"-DEBB_NUMBER_BITS=16", "-DEBB_BEST_FIT=1", "-fno-builtin-malloc", "-fno-builtin-calloc"}
    for settings, flags, calls in (
            ({}, {"-DEBB_GRANULE=8", "-DEBB_HARDENING=1"}, set()),
            ({"EBB_GRANULE": "16", "EBB_HARDENING": "2"}, {"-DEBB_GRANULE=16", "-DEBB_HARDENING=2"}, set()),
            ({"EBB_RELIEF": "0", "EBB_RECORDER": "0"}, set(), set()),
            ({"EBB_RELIEF": "1"}, set(), RELIEVED),
            ({"EBB_RECORDER": "1"}, set(), RECORDED)):
        words, wrapped = commands(target, directory / "never", **settings)
        if missing := (always | flags) - words:
            raise Wrong(f"with {settings}, ebb is compiled without {sorted(missing)}")
        if wrapped != calls:
            raise Wrong(f"with {settings}, {sorted(wrapped)} are wrapped")


def check_symbolic_link(target, directory):
    """ebb's folder may be named by a link to it, from wherever."""
    link = directory / "linked" / "ebb"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(ROOT / "port-tock" / "libtock-c" / "ebb")
    built("allocates", target, "picolibc", directory / "by_link", f"EXTERN_LIBS={link}")


def check_blank(target, directory):
    """All may lie in a folder with a blank in its name, if paths are relative: make itself knows no other way."""
    root = directory / "with blank"
    for part in ("core", "port-tock/include", "port-tock/source", "port-tock/libtock-c", "tests/libtock_c"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copy(ROOT / "port-tock" / "one_heap.ld", root / "port-tock")
    done = run_make(root / "tests" / "libtock_c", "APP=allocates", f"TOCK_ARCHS={target}", "LIBC=picolibc")
    if done.returncode != 0 or done.stderr:
        raise Wrong(f"below a folder with a blank in its name, an app does not build cleanly:\n{done.stderr[-3000:]}")


def check_recorder(tools, target, directory):
    """An app that wants to be recorded has the recorder between malloc and the heap; others have nothing of it."""
    if target not in ("cortex-m4", "rv32imac"):
        return  # one of each kind is enough
    library = "picolibc"
    plain = symbols(tools, built("allocates", target, library, directory / library))
    recorded = built("records", target, library, directory / "recorded", "EBB_RECORDER=1")
    check_one_heap(tools, recorded)
    if {"__wrap_ebb_alloc", "ebb_recorder_start"} & plain.keys():
        raise Wrong("an app that is not recorded has a recorder")
    if not {"__wrap_ebb_alloc", "__wrap_ebb_free"} <= symbols(tools, recorded).keys():
        raise Wrong("an app that is recorded has no recorder between itself and the heap")


def check_format(target, directory):
    """`make format` in an app leaves ebb's own files alone."""
    done = subprocess.run(
        ["make", "-C", HERE, "format", "APP=prints", f"TOCK_ARCHS={target}", f"BUILDDIR={directory}"],
        capture_output=True, text=True, check=False)
    if done.returncode != 0 or "formatted" not in done.stdout or "port-tock" in done.stdout:
        raise Wrong(f"make format formats what is not the app's:\n{done.stdout}{done.stderr}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="prefix of nm and readelf")
    parser.add_argument("target", help="a target of libtock-c, such as cortex-m4")
    parser.add_argument("directory", type=Path, help="where to build; what is there is deleted")
    arguments = parser.parse_args()
    try:
        check_target(arguments.tools, arguments.target, arguments.directory.resolve())
        check_settings(arguments.target, arguments.directory.resolve())
        check_flags(arguments.target, arguments.directory.resolve())
        check_symbolic_link(arguments.target, arguments.directory.resolve())
        check_blank(arguments.target, arguments.directory.resolve())
        check_recorder(arguments.tools, arguments.target, arguments.directory.resolve())
        check_format(arguments.target, arguments.directory.resolve())
    except Wrong as wrong:
        print(f"wrong: {wrong}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
