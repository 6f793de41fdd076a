# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Runs clang-tidy over the sources of a configured build.

The build may be GCC's, also a cross compiler's: options that only GCC knows are dropped, its target and its C
library's headers are named the way clang wants it.

Clang's analyser, which follows paths and takes nine tenths of the time, looks only at what is no test: tests are run,
under sanitizers too.
"""

import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import compilations

TARGETS = {
    "host": [],
    "arm": ["--target=arm-none-eabi"],
    "riscv32": ["--target=riscv32-unknown-elf"],
    "riscv64": ["--target=riscv64-unknown-elf"],
}
ONLY_GCC_KNOWS = re.compile(
    r"-W(logical-op|jump-misses-init|trampolines|stack-usage.*|format-y2k)|-Werror"
    r"|-msingle-pic-base|-mpic-register=.*|-mno-pic-data-is-text-relative|--?specs=.*|-f(no-)?(tree|ipa|toplevel)-.*"
)
TESTS = compilations.ROOT / "tests"


@functools.lru_cache(maxsize=None)
def library_headers(compiler, machine_options):
    """Where a cross GCC finds the C library's headers. Its own are left out: clang brings those itself."""
    command = [compiler, *machine_options, "-E", "-v", "-x", "c", os.devnull]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    listed = output.split("#include <...> search starts here:")[1].split("End of search list.")[0]
    folders = [os.path.normpath(line.strip()) for line in listed.splitlines() if line.strip()]
    return [option for folder in folders if "/gcc/" not in folder for option in ("-isystem", folder)]


def for_clang(entry):
    """A compile command of GCC's as one of clang's."""
    compiler, *arguments = shlex.split(entry["command"])
    target = TARGETS[compilations.machine(entry)]
    machine_options = tuple(a for a in arguments if a.startswith(("-m", "-spec", "--spec")))
    headers = library_headers(compiler, machine_options) if target else []
    kept = [a for a in arguments if not ONLY_GCC_KNOWS.fullmatch(a)]
    return {**entry, "command": shlex.join(["clang", *target, *kept, *headers])}


def check(entry):
    """Runs clang-tidy on one source; see compilations.judge()."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "compile_commands.json").write_text(json.dumps([for_clang(entry)]), encoding="utf-8")
        is_test = pathlib.Path(entry["file"]).is_relative_to(TESTS)
        checks = ["--checks=-clang-analyzer-*"] if is_test else []
        command = ["clang-tidy", "--quiet", *checks, "-p", folder, entry["file"]]
        result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=compilations.ROOT)
    return result.returncode == 0, result.stdout + result.stderr


def main():
    arguments = compilations.read_arguments(__doc__)
    return compilations.judge("clang-tidy", check, compilations.read(arguments.build, arguments.skipped))


if __name__ == "__main__":
    sys.exit(main())
