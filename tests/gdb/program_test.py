#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Looks at the heap of a program with every command of the GDB extension, and compares with what the program says.

On this machine: while it runs, in its core dump, and without any symbols. On a board: through the emulator's GDB stub.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from session import PROGRAM, STRIP, Session, Shown, blocks_in, figures_in, on_board, run_tests

ARGUMENTS = argparse.Namespace()

BOARD = {
    "--boards": {"help": "the folder of run.py, which knows the emulators"},
    "--machine": {"help": "the board; otherwise the program is run here"},
    "--scan": {"default": "", "help": "where to look for the heap by its looks"},
    "--found-as": {"default": "", "help": "the symbol by which the heap is found, if one is known"},
}
GAP, FREE, USED = "gap", "free", "used"


def session(arguments, preparation, commands):
    return Session(ARGUMENTS.gdb, ARGUMENTS.extension, arguments, preparation, commands)


def stop_in(program, output):
    """Options and commands that run a program up to where its heap can be looked at; what it says goes to a file."""
    if ARGUMENTS.machine is None:
        return [program], ["break stop_here", f"run >{output}"]
    return [program], on_board(ARGUMENTS.boards, ARGUMENTS.machine, program, output)


class Looks(unittest.TestCase):
    """What the commands say of a heap; `said` is from one session with all of them."""

    heap = "program_heap"
    said = {}
    status = 0
    shown = None

    def listed(self, command):
        return self.said[command]

    def check_blocks(self, command="blocks"):
        self.assertEqual(blocks_in(self.listed(f"ebb {command} {self.heap}")), self.shown.blocks)

    def check_figures(self):
        figures = figures_in(self.listed(f"ebb stats {self.heap}"))
        shown = {name.strip(): [int(number) for number in re.findall(r"\b\d+\b(?!-)", text)]
                 for name, text in figures.items()}
        count = sum(kind == USED for _, _, kind in self.shown.blocks)
        free = [size for _, size, kind in self.shown.blocks if kind == FREE]
        idle = self.shown.blocks[-1][1]
        is_sealed = self.shown.figure("hardening") == 2
        number = self.shown.figure("header") * 8 // (2 if is_sealed else 1)
        self.assertEqual(shown["geometry"][0], self.shown.figure("granule"))
        self.assertIn(f"{number}-bit numbers", figures["geometry".ljust(16)])
        self.assertEqual("hardening level 2" in figures["geometry".ljust(16)], is_sealed)
        self.assertEqual(shown["live"], [self.shown.figure("live"), count])
        self.assertEqual(shown["peak live"], [self.shown.figure("peak-live")])
        self.assertEqual(shown["region"][0], self.shown.figure("region"))
        self.assertEqual(shown["peak region"], [self.shown.figure("peak-region")])
        self.assertEqual(shown["free"], [sum(free), len(free), idle])
        self.assertEqual(shown["largest request"], [self.shown.figure("largest-request")])
        self.assertEqual(shown["failed requests"], [self.shown.figure("failed")])
        self.assertEqual(shown["moves"], [int(number) for number in self.shown.figures["moves"]])

    def check_sound(self):
        self.assertEqual(self.shown.figure("sound"), 1)
        self.assertIn(": sound", self.listed(f"ebb check {self.heap}"))

    def check_map(self):
        lines = self.listed(f"ebb map --width 50 {self.heap}").splitlines()
        one = int(re.search(r"each character is (\d+) bytes", lines[1]).group(1))
        drawn = "".join(line.split()[1] for line in lines[3:] if line.startswith("  0x"))
        self.assertEqual(len(drawn), -(-self.shown.figure("region") // one))
        for address, size, kind in self.shown.blocks:
            start = (address - self.shown.address) // one
            end = (address + size - 1 - self.shown.address) // one
            # What lies within a block shows nothing else.
            for place in range(start + 1, end):
                self.assertEqual(drawn[place], {USED: "#", FREE: ".", GAP: "x", "top": "-"}[kind])
        self.assertIn("x", drawn)
        self.assertEqual(drawn[0], "c")

    def check_all(self):
        self.assertNotIn("Error occurred in Python", self.status.all)
        self.assertNotIn("Traceback", self.status.all)
        kinds = {kind for _, _, kind in self.shown.blocks}
        self.assertEqual(kinds, {USED, FREE, GAP, "top"}, "the program is to have blocks of all kinds")
        self.check_blocks()
        self.check_figures()
        self.check_sound()
        self.check_map()

    def commands(self):
        return [f"ebb {name} {self.heap}" for name in ("blocks", "stats", "check", "map --width 50")]

    def look(self, arguments, preparation, more=()):
        self.status = session(arguments, preparation, self.commands() + list(more))
        self.said = self.status.said

    def places(self, shown):
        """Addresses, and what `ebb whereis` has to say of them."""
        used, gap = (next(block for block in shown.blocks if block[2] == kind) for kind in (USED, GAP))
        usable = used[1] - shown.figure("header")
        return {
            used[0] + 1: f"1 bytes into the {usable} usable of a block in use at {used[0]:#x}",
            used[0] - 1: f"the header of a block in use at {used[0]:#x}",
            gap[0]: f"somebody else's memory at {gap[0]:#x}",
            shown.blocks[-1][0]: f"of the idle end at {shown.blocks[-1][0]:#x}",
            shown.address + 1: "1 bytes into the control block",
            4: "in no heap",
        }


class OnThisMachine(Looks):
    """A process, its core dump, and the same without symbols."""

    @classmethod
    def setUpClass(cls):
        if ARGUMENTS.machine is not None:
            raise unittest.SkipTest("on a board")
        cls.folder = tempfile.mkdtemp()
        cls.output = os.path.join(cls.folder, "output")
        cls.core = os.path.join(cls.folder, "core")
        cls.stripped = os.path.join(cls.folder, "stripped")
        arguments, preparation = stop_in(ARGUMENTS.program, cls.output)
        cls.running = session(arguments, preparation, Looks.commands(cls) + [
            "ebb heaps", "ebb blocks", "ebb blocks --used --limit 3", "ebb blocks --free",
            f"generate-core-file {cls.core}"])
        with open(cls.output, encoding="ascii") as file:
            cls.shown = Shown(file.read())
        subprocess.run([ARGUMENTS.strip, "-o", cls.stripped, ARGUMENTS.program], check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def test_running(self):
        self.status, self.said = self.running, self.running.said
        self.check_all()
        self.assertIn(f"heap {self.shown.address:#x} (program.c: program_heap)", self.said["ebb heaps"])
        self.assertEqual(blocks_in(self.said["ebb blocks"]), self.shown.blocks)
        used = [block for block in self.shown.blocks if block[2] == USED]
        self.assertEqual(blocks_in(self.said["ebb blocks --used --limit 3"]), used[:3])
        self.assertIn("and more", self.said["ebb blocks --used --limit 3"])
        self.assertEqual(blocks_in(self.said["ebb blocks --free"]),
                         [block for block in self.shown.blocks if block[2] == FREE])

    def test_stopped_in_another_language(self):
        """As in a program in Rust, where no type is called void."""
        arguments, preparation = stop_in(ARGUMENTS.program, self.output)
        self.look(arguments, preparation + ["set language rust"], ["ebb heaps", "show language"])
        self.check_all()
        self.assertIn("(program.c: program_heap)", self.said["ebb heaps"])
        self.assertIn("rust", self.said["show language"])

    def test_damaged(self):
        """Each command says how far it came."""
        place = next(place for place, block in enumerate(self.shown.blocks) if place > 5 and block[2] == FREE) + 1
        damaged, before = self.shown.blocks[place][0], self.shown.blocks[:place]
        arguments, preparation = stop_in(ARGUMENTS.program, self.output)
        preparation += [f"set *(char *){damaged - 1 - index} = 0" for index in range(self.shown.figure("header"))]
        said = session(arguments, preparation, ["ebb heaps", "ebb blocks", "ebb stats", "ebb check"]).said
        for command, text in said.items():
            self.assertIn(f"damaged header at {damaged:#x}", text, command)
        used = [size for _, size, kind in before if kind == USED]
        self.assertIn(f"{len(used)} blocks in use, {sum(used)} of ", said["ebb heaps"])
        self.assertEqual(blocks_in(said["ebb blocks"]), before)

    def test_core_dump(self):
        places = self.places(self.shown)
        self.look([ARGUMENTS.program, self.core], [], [f"ebb whereis {address}" for address in places])
        self.check_all()
        for address, place in places.items():
            self.assertIn(place, self.said[f"ebb whereis {address}"])

    def test_core_dump_without_symbols(self):
        self.heap = f"{self.shown.address:#x}"
        self.look([self.stripped, self.core], [], ["ebb heaps", "ebb heaps --scan", "ebb blocks"])
        self.check_all()
        self.assertIn("no heap found by symbols", self.said["ebb heaps"])
        self.assertIn(f"heap {self.heap} (scan)", self.said["ebb heaps --scan"])
        self.assertEqual(self.said["ebb heaps --scan"].count("(scan)"), 1, self.said["ebb heaps --scan"])
        self.assertEqual(blocks_in(self.said["ebb blocks"]), self.shown.blocks)

    def test_where_a_heap_was_found_others_look_too(self):
        """As on a board, of whose RAM GDB does not know."""
        start, place = self.shown.address - 64, self.shown.address + 1
        scan = f"ebb heaps --scan {start} {start + self.shown.figure('region') + 128}"
        said = session([self.stripped, self.core], ["python from ebb_gdb import find; find.SCANNED_UNASKED = 0"], [
            f"ebb whereis {place}", "ebb heaps --scan 0 1", scan, f"ebb whereis {place:#x}", "ebb blocks"]).said
        self.assertIn("no heap found; name one by an expression, or try `ebb heaps --scan START END`",
                      said[f"ebb whereis {place}"])
        self.assertIn(f"heap {self.shown.address:#x} (scan)", said[scan])
        self.assertIn("1 bytes into the control block", said[f"ebb whereis {place:#x}"])
        self.assertEqual(blocks_in(said["ebb blocks"]), self.shown.blocks)

    def test_running_without_symbols(self):
        self.heap = f"{self.shown.address:#x}"
        self.look([self.stripped], ["catch syscall exit_group", f"run >{self.output}"], ["ebb heaps --scan"])
        self.check_all()
        self.assertIn(f"heap {self.heap} (scan)", self.said["ebb heaps --scan"])

    def test_not_running(self):
        failing = ["ebb heaps", "ebb blocks", "ebb check", "ebb blocks main", "ebb blocks no_such_symbol",
                   "ebb map --width 0", "ebb blocks --no-such-option", "ebb whereis", "ebb heaps --scan 1",
                   "ebb heaps --scan", "ebb heaps --scan 0 1"]
        result = session([ARGUMENTS.program], [], failing)
        self.assertNotIn("Error occurred in Python", result.all)
        self.assertIn("no heap found", result.said["ebb heaps"])
        self.assertIn("no heap found in the memory that GDB knows of: try `ebb heaps --scan START END`",
                      result.said["ebb heaps --scan"])
        self.assertEqual("no heap found", result.said["ebb heaps --scan 0 1"].strip())
        self.assertIn("there is no heap at", result.said["ebb blocks main"])
        self.assertIn("no_such_symbol", result.said["ebb blocks no_such_symbol"])
        self.assertIn("usage: ebb blocks", result.said["ebb blocks --no-such-option"])


class OnABoard(Looks):
    """An app on an emulated board, of whose code nothing was compiled with debug information."""

    @classmethod
    def setUpClass(cls):
        if ARGUMENTS.machine is None:
            raise unittest.SkipTest("on this machine")

    def look_at_board(self, program, more):
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "output")
            self.look(*stop_in(program, output), more)
            with open(output, encoding="ascii") as file:
                self.shown = Shown(file.read())
        self.check_all()

    def test_through_stub(self):
        self.heap = "*(void **)&program_heap"
        scan = f"ebb heaps --scan {ARGUMENTS.scan}".strip()
        self.look_at_board(ARGUMENTS.program, ["ebb heaps", scan, "ebb whereis *(char **)&program_heap + 3"])
        place = f"{self.shown.address:#x}"
        if ARGUMENTS.found_as:
            self.assertIn(f"heap {place} ({ARGUMENTS.found_as})", self.said["ebb heaps"])
        self.assertIn(f"heap {place} (scan)", self.said[scan])
        self.assertIn("3 bytes into the control block", self.said["ebb whereis *(char **)&program_heap + 3"])


if __name__ == "__main__":
    run_tests(__doc__, ARGUMENTS, STRIP | PROGRAM | BOARD)
