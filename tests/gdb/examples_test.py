#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Finds the heap of an example by its variable, and by its looks where the program has no symbols."""

import argparse
import os
import re
import subprocess
import tempfile
import unittest

from session import PROGRAM, STRIP, Session, run_tests

ARGUMENTS = argparse.Namespace()


class Example(unittest.TestCase):
    """Looked at as the program ends."""

    def said(self, program, command):
        session = Session(ARGUMENTS.gdb, ARGUMENTS.extension, [program],
                          ["catch syscall exit_group", "run >/dev/null"], [command])
        self.assertNotIn("Error occurred in Python", session.all)
        return session.said[command]

    def test_by_variable_and_by_looks(self):
        by_variable = self.said(ARGUMENTS.program, "ebb heaps")
        found = re.search(r"^heap (0x\w+) \([\w.]+: (\(anonymous namespace\)::)?heap\): ", by_variable, re.MULTILINE)
        self.assertIsNotNone(found, by_variable)
        with tempfile.TemporaryDirectory() as folder:
            stripped = os.path.join(folder, "stripped")
            subprocess.run([ARGUMENTS.strip, "-o", stripped, ARGUMENTS.program], check=True)
            self.assertIn(f"heap {found[1]} (scan): ", self.said(stripped, "ebb heaps --scan"))


if __name__ == "__main__":
    run_tests(__doc__, ARGUMENTS, STRIP | PROGRAM)
