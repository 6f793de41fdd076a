#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Runs Lua and SQLite as apps on emulated boards, and measures how much memory their scripts need: see README.md."""

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from math import inf
from pathlib import Path

import every_limit
import report
from board_app import PROGRAMS, App, AppsError

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
PAGE = ROOT / "docs" / "apps.md"
ALIKE_RUNS = 3  # of each script
TABLES_BEGIN = "<!-- What follows was printed by `cmake/run apps`; `apps.py write-docs` puts it here. -->"

# Preset -> what its board is called, the prefix of its tools, what is compared on it. picolibc aligns blocks to 16
# bytes on RISC-V, so ebb does so there as well, beside its default.
BOARDS = {
    "cortex-m3": ("Cortex-M3", "arm-none-eabi-", ["ebb", "newlib_nano", "newlib", "picolibc"]),
    "rv32imac": ("RV32IMAC", "riscv64-unknown-elf-", ["ebb", "ebb_16", "newlib_nano", "newlib", "picolibc"]),
}
# What is measured only if it is named: ebb as no app has it, to see what best fit is worth.
IF_NAMED = ["ebb_first_fit"]


# ---- Tests ----


def run_check(arguments):
    """Command `check`: does the script do what it should, with no more heap than it says?"""
    program = PROGRAMS[arguments.program]
    limit = program.limit(arguments.script) if arguments.limit is None else arguments.limit
    code, printed = App(program, arguments.image, arguments.machine).run(arguments.script, limit)
    expected = program.expected(arguments.script)
    if code == 0 and printed == expected:
        print(f"{arguments.script} completes with {limit or 'any number of'} bytes of heap, "
              f"{len(printed.splitlines())} lines as expected")
        return 0
    wanted, got = (text.decode("utf-8", "replace").splitlines() for text in (expected, printed))
    print("\n".join(difflib.unified_diff(wanted, got, program.command[0], "board", lineterm="", n=1)))
    print(f"apps.py: with {limit or 'any number of'} bytes of heap, {arguments.script} ended with exit code {code}",
          file=sys.stderr)
    return 1


def starves_well(app, script, limit):
    """Whether a script that has too little memory says so and ends; what it does otherwise is printed."""
    code, printed = app.run(script, limit)
    if code == 1 and printed.endswith(app.program.complaint):
        return True
    print(f"{script} with {limit} bytes: exit code {code}, output ends with {printed[-120:]}")
    return False


def run_starve(arguments):
    """Command `starve`: does every script that has far too little memory say so, whatever it was doing?"""
    program = PROGRAMS[arguments.program]
    app = App(program, arguments.image, arguments.machine)
    tries = [(script, program.limit(script) * eighths // 8) for script in program.scripts() for eighths in (1, 5)]
    bad = sum(not starves_well(app, *one) for one in tries)
    print(f"{len(tries)} runs with too little memory, {bad} of them did not end as they should")
    return int(bad != 0)


def runs_alike(app, script, stretch):
    """Whether runs alone, with the first limit of a stretch and with the last, find the same stretch."""
    last = stretch.begin * 2 if stretch.end == inf else stretch.end - 1
    others = [alone for limit in (stretch.begin, last) for alone in app.run_on(script, limit, 1) if alone != stretch]
    for other in others:
        print(f"{script}: one of several runs found {stretch}, one alone {other}")
    return not others


def run_alike(arguments):
    """Command `alike`: is a run the same with all limits of which the board says so, alone and after others?"""
    program = PROGRAMS[arguments.program]
    app = App(program, arguments.image, arguments.machine)
    tries = [(script, stretch) for script in program.scripts()
             for stretch in app.run_on(script, program.limit(script) * 9 // 10, ALIKE_RUNS)]
    bad = sum(not runs_alike(app, *one) for one in tries)
    print(f"{len(tries)} stretches of limits, {bad} of them not as a run alone has it")
    return int(bad != 0 or len(tries) < 2 * len(program.scripts()))


# ---- Measuring ----


def heap_start(prefix, image):
    """Where an app's heap begins: the end of its static memory."""
    listed = subprocess.run([prefix + "nm", image], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"^([0-9a-f]+) \w board_bss_end$", listed, re.MULTILINE)[1], 16)


class Cell:
    """One script of a program, with one allocator on one board."""

    def __init__(self, folder, preset, program, script, allocator):
        self.place = (preset, program, script, allocator)
        machine = (folder / "machine").read_text(encoding="ascii")
        self.image = folder / f"app_{program}_{allocator}.elf"
        if not self.image.is_file():
            raise AppsError(f"there is no {self.image}: 'cmake --build --preset {preset} --target ebb_apps' makes it")
        self.app = App(PROGRAMS[program], self.image, machine)

    def measure(self):
        """
        Static bytes of the allocator, and, them included, the least memory, the typical and the safe; None if the
        script does not run at all.
        """
        preset, program, script, _ = self.place
        stretches = every_limit.survey(lambda limit, count: self.app.run_on(script, limit, count))
        if stretches is None:
            return None
        prefix = BOARDS[preset][1]
        nothing = self.image.with_name(f"app_{program}_none.elf")
        static = heap_start(prefix, self.image) - heap_start(prefix, nothing)
        return {
            "static": static,
            "least": static + every_limit.least(stretches),
            "typical": static + every_limit.typical(stretches),
            "safe": static + every_limit.safe(stretches),
        }


def choose_allocators(preset, named):
    compared = BOARDS[preset][2]
    return [allocator for allocator in [*compared, *IF_NAMED] if allocator in (named or compared)]


def choose_cells(arguments):
    cells = []
    for preset in arguments.board or BOARDS:
        folder = arguments.build / preset / "tests" / "apps"
        if not (folder / "machine").is_file():
            raise AppsError(f"there are no apps in {folder}: build preset {preset}, after tests/apps/get_sources")
        for name in arguments.program or PROGRAMS:
            scripts = [script for script in PROGRAMS[name].scripts() if script in (arguments.script or [script])]
            cells += [Cell(folder, preset, name, script, allocator) for script in scripts
                      for allocator in choose_allocators(preset, arguments.allocator)]
    return cells


def measure_all(cells, jobs):
    """{board: {program: {script: {allocator: figures}}}}, in the order of the cells."""
    results = {}
    with ThreadPoolExecutor(jobs) as pool:
        for number, (cell, figures) in enumerate(zip(cells, pool.map(Cell.measure, cells)), 1):
            preset, program, script, allocator = cell.place
            scripts = results.setdefault(BOARDS[preset][0], {}).setdefault(program, {})
            scripts.setdefault(script, {})[allocator] = figures
            found = " ".join(f"{name} {size:,}" for name, size in figures.items()) if figures else "does not run"
            print(f"[{number}/{len(cells)}] {' '.join(cell.place)}: {found}", flush=True)
    return results


def statics_of(results):
    """Static bytes of each allocator on each board; they are the same in both programs but for alignment."""
    statics = {}
    for board, programs in results.items():
        for scripts in programs.values():
            for row in scripts.values():
                for allocator, figures in row.items():
                    if figures is not None:
                        statics.setdefault(board, {}).setdefault(allocator, figures["static"])
    return statics


def run_measure(arguments):
    """Command `measure`."""
    cells = choose_cells(arguments)
    if not cells:
        raise AppsError("nothing of that name is to be measured")
    results = measure_all(cells, arguments.jobs)
    printed = report.everything(results, statics_of(results))
    if arguments.board or arguments.program or arguments.script or arguments.allocator:
        # A part must not take the place of the whole.
        print(f"\n{printed}")
        return 0
    folder = arguments.build / "apps"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (folder / "results.md").write_text(printed + "\n", encoding="utf-8")
    print(f"\n{printed}\n\nThese tables are in {folder / 'results.md'}, the figures in results.json beside it")
    return 0


def run_write_docs(arguments):
    """Command `write-docs`: what was measured last becomes the tables of the documentation."""
    results = arguments.build / "apps" / "results.md"
    if not results.is_file():
        raise AppsError(f"there is no {results}: 'cmake/run apps' makes it")
    written, marker, _ = PAGE.read_text(encoding="utf-8").partition(TABLES_BEGIN)
    if not marker:
        raise AppsError(f"{PAGE} has no line '{TABLES_BEGIN}'")
    PAGE.write_text(f"{written}{marker}\n\n{results.read_text(encoding='utf-8')}", encoding="utf-8")
    print(f"Wrote the tables of {PAGE}")
    return 0


# ---- Command line ----


def add_image_arguments(parser):
    parser.add_argument("image", type=Path, help="the app, an ELF file")
    parser.add_argument("--machine", required=True, help="as tests/board/run.py has it")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    check = commands.add_parser("check", help="run a script with as much heap as it says it needs")
    check.set_defaults(run=run_check)
    check.add_argument("program", choices=PROGRAMS)
    check.add_argument("script")
    check.add_argument("--limit", type=int, metavar="BYTES", help="instead of what the script says; 0: no limit")
    add_image_arguments(check)

    for name, run, text in (
            ("starve", run_starve, "run all scripts of a program with too little heap"),
            ("alike", run_alike, "look whether runs are the same with all limits of which the board says so")):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        command.add_argument("program", choices=PROGRAMS)
        add_image_arguments(command)

    measure = commands.add_parser("measure", help="find the heap that every script needs with every allocator")
    measure.set_defaults(run=run_measure)
    measure.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="emulators to run at once")
    measure.add_argument("--board", action="append", choices=BOARDS, help="only this one; may be repeated")
    measure.add_argument("--program", action="append", choices=PROGRAMS)
    measure.add_argument("--script", action="append", metavar="NAME")
    measure.add_argument("--allocator", action="append", choices=report.TITLES)

    write_docs = commands.add_parser("write-docs", help="put the last results into docs/apps.md")
    write_docs.set_defaults(run=run_write_docs)
    for command in (measure, write_docs):
        command.add_argument("--build", type=Path, default=BUILD, help="folder of the presets' build folders")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    try:
        return arguments.run(arguments)
    except AppsError as error:
        print(f"apps.py: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever reads has seen enough. What is still in the buffer must not fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
