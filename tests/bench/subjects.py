# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The allocators that are measured, and how each is built from source or found in an installed package."""

import tarfile
from pathlib import Path

from toolchain import BENCH, CORE_FLAGS, TARGETS, BenchError, compile_all, compile_file, core_sources
from toolchain import fixed_core_sources, geometry_flags, run

NEWLIB_ARCHIVES = Path("/usr/src/newlib")
# What a program that uses an allocator calls, at least.
PEER_FUNCTIONS = ["malloc", "free", "realloc"]
NEWLIB_FUNCTIONS = ["MALLOC", "FREE", "REALLOC", "CALLOC", "MEMALIGN", "MALLOC_USABLE_SIZE"]


class Ebb:
    """This project's core, in one geometry, at one hardening level, with one fit."""

    functions = ["ebb_create", "ebb_alloc", "ebb_free", "ebb_realloc"]

    def __init__(self, number_bits, granule, hardening=1, best_fit=False):
        self.name = f"ebb_{number_bits}_{granule}{'_best_fit' * best_fit}" + f"_level{hardening}" * (hardening != 1)
        self.geometry = geometry_flags(number_bits, granule, hardening, best_fit)

    def objects(self, target, optimisation, directory):
        """Compiles the subject and returns its objects."""
        flags = [*CORE_FLAGS, optimisation, *self.geometry]
        return compile_all(target, flags, core_sources(), directory)

    def harness(self):
        """The source that connects the subject with the replayer, and the flags it needs."""
        return BENCH / "subject_ebb.c", self.geometry

    def available(self, target):
        """Whether the subject exists for a target."""
        return bool(core_sources()) and target in TARGETS


class EbbDefault(Ebb):
    """The same in a program that names no policy. Traces are replayed under several."""

    functions = ["ebb_create_default", "ebb_alloc", "ebb_free", "ebb_realloc"]
    suffix = "_default"

    def __init__(self, number_bits, granule):
        super().__init__(number_bits, granule)
        self.name += self.suffix

    def harness(self):
        """There is none."""
        raise BenchError(f"of {self.name}, only the code is measured")


class EbbFixed(EbbDefault):
    """The same with an end that never moves. Traces are replayed with a store."""

    functions = ["ebb_create_fixed", "ebb_alloc", "ebb_free", "ebb_realloc"]
    suffix = "_fixed"

    def objects(self, target, optimisation, directory):
        """See Ebb.objects()."""
        return compile_all(target, [*CORE_FLAGS, optimisation, *self.geometry], fixed_core_sources(), directory)


class Picolibc:
    """The malloc that Debian's picolibc has in its libc.a."""

    functions = PEER_FUNCTIONS
    name = "picolibc"

    def objects(self, _target, _optimisation, _directory):
        """Nothing to compile: the linker takes it from libc.a."""
        return []

    def harness(self):
        """See Ebb.harness()."""
        return BENCH / "subject_libc.c", []

    def available(self, target):
        """See Ebb.available()."""
        return target in TARGETS


def defined(target, compiled):
    """The names that an object defines for others."""
    prefix, _ = TARGETS[target]
    names = run([f"{prefix}nm", "--defined-only", "--extern-only", "--format=posix", compiled])
    return {line.split()[0] for line in names.splitlines()}


class OwnMalloc(Picolibc):
    """A malloc of one's own, in a C file: it takes memory from sbrk()."""

    ending = ".c"
    needed = [*PEER_FUNCTIONS, "calloc", "memalign"]

    def __init__(self, source):
        self.name = source.stem
        self.source = source

    def objects(self, target, optimisation, directory):
        """See Ebb.objects(). By the object's name, linker scripts know whose static data it has."""
        flags = [*CORE_FLAGS, "-w", "-std=gnu11", optimisation]
        compiled = compile_file(target, flags, self.source, directory / f"peer_{self.name}.o")
        missing = set(self.needed) - defined(target, compiled)
        if missing:
            raise BenchError(f"{self.source} has no {', no '.join(sorted(missing))}")
        return [compiled]

    def harness(self):
        """See Ebb.harness(). Blocks may be aligned as pointers are, and no better."""
        return BENCH / "subject_libc.c", ["-DSUBJECT_ALIGNMENT=sizeof(void *)"]


class Newlib:
    """newlib's allocators, compiled from the sources in Debian's package newlib-source."""

    functions = PEER_FUNCTIONS
    library = None  # the folder of newlib's libc; see prepare()
    extra_flags = []  # of the compiler

    def __init__(self, name, source):
        self.name = name
        self.source = source

    def objects(self, target, optimisation, directory):
        """One object for each function, as in newlib's own library, so that the linker can leave out the others."""
        library = Newlib.library
        flags = [optimisation, *self.extra_flags, "-w", "-std=gnu99", "-DINTERNAL_NEWLIB", "-D_COMPILING_NEWLIB",
                 "-isystem", library.parent, "-isystem", library / "include"]
        objects = []
        for function in NEWLIB_FUNCTIONS:
            output = directory / f"peer_{function.lower()}.o"
            objects.append(compile_file(target, [*flags, f"-DDEFINE_{function}"], library / "stdlib" / self.source,
                                        output))
        helpers = ["stdlib/malloc.c", "stdlib/calloc.c", "stdlib/realloc.c", "stdlib/mlock.c", "reent/sbrkr.c",
                   "stdlib/malign.c"]
        objects += compile_all(target, flags, [library / helper for helper in helpers], directory, "newlib_")
        objects.append(compile_file(target, flags, BENCH / "newlib_reent.c", directory / "newlib_reent.o"))
        return objects

    def harness(self):
        """See Ebb.harness()."""
        return BENCH / "subject_libc.c", []

    def available(self, target):
        """See Ebb.available()."""
        return target in TARGETS and Newlib.library is not None


def unpack_newlib(directory):
    """Unpacks what the allocators need of newlib's sources and returns the folder of its libc."""
    found = list(directory.glob("*/newlib/libc"))
    if found:
        return found[0]
    archive_path = sorted(NEWLIB_ARCHIVES.glob("newlib-*.tar.*"))[-1]
    wanted = ("newlib/libc/include/", "newlib/libc/stdlib/", "newlib/libc/reent/")
    with tarfile.open(archive_path) as archive:
        members = [member for member in archive.getmembers() if any(part in member.name for part in wanted)]
        archive.extractall(directory, members)
    library = next(directory.glob("*/newlib/libc"))
    # newlib's configure would write these two; its defaults are what an allocator needs.
    (library.parent / "newlib.h").write_text("#define _WANT_IO_LONG_LONG 1\n", encoding="ascii")
    (library.parent / "_newlib_version.h").write_text('#define _NEWLIB_VERSION "3.3.0"\n', encoding="ascii")
    return library


def prepare(directory):
    """Makes ready what subjects share, once and before any of them is built."""
    if any(NEWLIB_ARCHIVES.glob("newlib-*.tar.*")):
        Newlib.library = unpack_newlib(directory / "newlib-source")


SUBJECTS = [
    Ebb(16, 8),
    Ebb(16, 8, best_fit=True),
    Ebb(32, 16),
    Ebb(32, 8),
    Picolibc(),
    Newlib("newlib", "mallocr.c"),
    Newlib("newlib-nano", "nano-mallocr.c"),
]

# Of which only the code is measured.
CODE_ONLY = [EbbDefault(16, 8), EbbFixed(16, 8)]

# Measured only where they are named.
OTHER_LEVELS = [Ebb(16, 8, 0), Ebb(16, 8, 2), Ebb(32, 16, 0), Ebb(32, 16, 2)]
