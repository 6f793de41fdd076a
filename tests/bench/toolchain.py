# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The compilers and the targets they build for; tests/apps, tests/lint, tests/misuse and tests/tock use this, too."""

import re
import subprocess
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent.parent
CORE = ROOT / "core"
TRACES = ROOT / "tests" / "trace"
TRACE_READER = ROOT / "port-host" / "tools" / "trace"

ARM = "arm-none-eabi-"
RISCV = "riscv64-unknown-elf-"

# Target -> (prefix of its tools, flags that choose it).
# The last is for measuring instructions only: no package has libraries for it, so it is linked as what it extends.
TARGETS = {
    "cortex-m0": (ARM, ["-mthumb", "-mcpu=cortex-m0"]),
    "cortex-m3": (ARM, ["-mthumb", "-mcpu=cortex-m3"]),
    "cortex-m4": (ARM, ["-mthumb", "-mcpu=cortex-m4"]),
    "cortex-m7": (ARM, ["-mthumb", "-mcpu=cortex-m7"]),
    "rv32imc": (RISCV, ["-march=rv32imc", "-mabi=ilp32", "-mcmodel=medlow"]),
    "rv32imac": (RISCV, ["-march=rv32imac", "-mabi=ilp32", "-mcmodel=medlow"]),
    "rv64imac": (RISCV, ["-march=rv64imac", "-mabi=lp64", "-mcmodel=medany"]),
    "rv32imac_zbb": (RISCV, ["-march=rv32imac_zbb", "-mabi=ilp32", "-mcmodel=medlow"]),
}

SECTIONS = ["-ffunction-sections", "-fdata-sections"]
CALL_GRAPH = ["-fcallgraph-info=su"]  # beside the object, for stack.py
CORE_FLAGS = ["-std=c11", "-ffreestanding", "-fno-builtin-malloc", "-fno-builtin-calloc", "-specs=picolibc.specs"]


class BenchError(Exception):
    """Something that the user of the benchmark has to know; its text says what."""


def run(command, **options):
    """Runs a command and returns its output; a failure carries the command and what it said."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    except FileNotFoundError as missing:
        raise BenchError(f"{words[0]} is not installed (cmake/run installs what is missing)") from missing
    except subprocess.TimeoutExpired as late:
        raise BenchError(f"{' '.join(words[:3])} ... did not end within {late.timeout} s") from late
    if done.returncode != 0:
        raise BenchError(f"failed: {' '.join(words)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def compile_file(target, flags, source, output):
    """Compiles one C or assembly source."""
    prefix, target_flags = TARGETS[target]
    output.parent.mkdir(parents=True, exist_ok=True)
    run([f"{prefix}gcc", *target_flags, *SECTIONS, *CALL_GRAPH, *flags, "-c", source, "-o", output])
    return output


def compile_all(target, flags, sources, directory, name=""):
    """Compiles sources into a directory; `name` goes before the names of the objects."""
    return [compile_file(target, flags, source, directory / f"{name}{source.stem}.o") for source in sources]


def link(target, flags, objects, output):
    """Links objects with unused sections removed; `flags` may end with libraries."""
    prefix, target_flags = TARGETS[target.removesuffix("_zbb")]
    run([f"{prefix}gcc", *target_flags, "-nostartfiles", "-Wl,--gc-sections", "-o", output, *objects, *flags])
    return output


def core_sources():
    """The sources of the core."""
    return sorted((CORE / "source").glob("*.c"))


def fixed_core_sources():
    """The sources of the core with an end that never moves: core/fixed in place of what moves it, as CMake knows it."""
    lists = (CORE / "CMakeLists.txt").read_text(encoding="utf-8")
    moving = re.search(r"REMOVE_ITEM ebb_core_fixed_sources ([^)]*)\)", lists)[1].split()
    return [path for path in core_sources() if path.name not in moving] + sorted((CORE / "fixed").glob("*.c"))


def geometry_flags(number_bits, granule, hardening=1, best_fit=False):
    """What makes the core have that geometry, that hardening level, and that fit."""
    return [f"-DEBB_NUMBER_BITS={number_bits}", f"-DEBB_GRANULE={granule}", f"-DEBB_HARDENING={hardening}",
            f"-DEBB_BEST_FIT={int(best_fit)}",
            "-I", CORE / "include", "-I", CORE / "source"]
