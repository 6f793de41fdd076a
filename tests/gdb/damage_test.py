#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Damages the heap of a running program in dozens of ways: the commands have to come to an end, without an error of
their own, and `ebb check` has to find what ebb_check() finds."""

import argparse
import os
import unittest

from session import PROGRAM, Session, run_tests

ARGUMENTS = argparse.Namespace()
HERE = os.path.dirname(os.path.realpath(__file__))
DAMAGES = 60


class Damage(unittest.TestCase):
    """One session, in which damage.py does the damage."""

    def test_any_damage(self):
        preparation = ["break stop_here", "run >/dev/null", f"python DAMAGES = {DAMAGES}"]
        session = Session(ARGUMENTS.gdb, ARGUMENTS.extension, [ARGUMENTS.program], preparation,
                          [f"source {HERE}/damage.py", "ebb check"])
        self.assertNotIn("Error occurred in Python", session.all)
        self.assertNotIn("Traceback", session.all)
        last = session.said[f"source {HERE}/damage.py"].strip().splitlines()[-1].split()
        done, harmless, found = map(int, last[1::2])
        self.assertEqual(done, DAMAGES, session.all)
        self.assertEqual(harmless + found, done, session.all)
        self.assertGreater(found, DAMAGES // 4)
        # All was put back.
        self.assertIn(": sound", session.said["ebb check"])


if __name__ == "__main__":
    run_tests(__doc__, ARGUMENTS, PROGRAM)
