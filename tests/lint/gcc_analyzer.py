# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Runs GCC's -fanalyzer over core and the ports, as a build with GCC compiles them."""

import os
import pathlib
import shlex
import subprocess
import sys

import compilations

FOLDERS = ("core/source", "core/fixed", "core/recorder/source", "port-host/source", "port-tock/source")
# What these define is malloc itself: that it hands out memory and has no further use for it is no leak.
NOT_FOR = {"malloc.c": ["-Wno-analyzer-malloc-leak", "-Wno-analyzer-double-free"]}


def is_looked_at(entry):
    path = pathlib.Path(entry["file"])
    return any(path.is_relative_to(compilations.ROOT / folder) for folder in FOLDERS)


def check(entry):
    """Compiles a source in vain; see compilations.judge()."""
    arguments = shlex.split(entry["command"])
    arguments[arguments.index("-o") + 1] = os.devnull
    command = [*arguments, "-fanalyzer", "-Werror", *NOT_FOR.get(pathlib.Path(entry["file"]).name, [])]
    # What the compiler writes beside its output would go beside the null device.
    command = [argument for argument in command if argument not in ("-MD", "--coverage")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=entry["directory"])
    return result.returncode == 0, result.stdout + result.stderr


def main():
    arguments = compilations.read_arguments(__doc__)
    entries = [entry for entry in compilations.read(arguments.build, arguments.skipped) if is_looked_at(entry)]
    if not entries:
        sys.exit(f"gcc_analyzer: nothing of {', '.join(FOLDERS)} is compiled in {arguments.build}")
    return compilations.judge("gcc -fanalyzer", check, entries)


if __name__ == "__main__":
    sys.exit(main())
