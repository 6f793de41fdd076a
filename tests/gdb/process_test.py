#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Looks at the heap of an unmodified program that runs on libebb-malloc.so, while it runs and in its core dump."""

import argparse
import os
import re
import subprocess
import tempfile
import unittest

from session import STRIP, Session, run_tests

ARGUMENTS = argparse.Namespace()


class Process(unittest.TestCase):
    """The process heap is found by its variable, and by its looks."""

    def test_preloaded(self):
        with tempfile.TemporaryDirectory() as folder:
            core = os.path.join(folder, "core")
            # Of the addresses that the heap reserves, GDB writes each into a core dump: so it is to reserve few.
            start = [f"set exec-wrapper prlimit --as=67108864 env LD_PRELOAD={ARGUMENTS.preload}",
                     "catch syscall exit_group", "run / >/dev/null"]
            looks = ["ebb heaps", "ebb check", "ebb heaps --scan"]
            self.check(Session(ARGUMENTS.gdb, ARGUMENTS.extension, ["/bin/ls"], start,
                               looks + [f"generate-core-file {core}"]))
            self.check(Session(ARGUMENTS.gdb, ARGUMENTS.extension, ["/bin/ls", core], [], looks))

    def test_without_debug_information(self):
        """By the symbol's name, whatever language the program is written in."""
        with tempfile.TemporaryDirectory() as folder:
            library = os.path.join(folder, os.path.basename(ARGUMENTS.preload))
            subprocess.run([ARGUMENTS.strip, "--strip-debug", "-o", library, ARGUMENTS.preload], check=True)
            start = [f"set environment LD_PRELOAD {library}", "catch syscall exit_group", "run / >/dev/null"]
            for language in ("auto", "rust"):
                session = Session(ARGUMENTS.gdb, ARGUMENTS.extension, ["/bin/ls"],
                                  start + [f"set language {language}"], ["ebb heaps"])
                self.assertRegex(session.said["ebb heaps"], r"heap 0x\w+ \(heap\): 32-bit numbers, granule 16")

    def check(self, session):
        self.assertNotIn("Error occurred in Python", session.all)
        self.assertRegex(session.said["ebb heaps"], r"heap 0x\w+ \(process_heap.c: heap\): 32-bit numbers, granule 16")
        blocks = int(re.search(r"(\d+) blocks in use", session.said["ebb heaps"]).group(1))
        self.assertGreater(blocks, 2)
        self.assertIn(": sound", session.said["ebb check"])
        address = re.search(r"heap (0x\w+)", session.said["ebb heaps"]).group(1)
        self.assertIn(f"heap {address} (scan)", session.said["ebb heaps --scan"])


if __name__ == "__main__":
    run_tests(__doc__, ARGUMENTS, STRIP | {"--preload": {"required": True, "help": "libebb-malloc.so"}})
