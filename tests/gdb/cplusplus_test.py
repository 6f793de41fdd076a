#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Finds the heaps of a program in C++ by its variables, in namespaces and classes too."""

import argparse
import itertools
import re
import unittest

from session import PROGRAM, Session, run_tests

ARGUMENTS = argparse.Namespace()
NAMES = {"(anonymous namespace)::hidden_heap", "plain_heap", "app::arena", "app::device::pool"}


class Variables(unittest.TestCase):
    """Four heaps, and a variable that leads nowhere."""

    def session(self, preparation, commands):
        found = Session(ARGUMENTS.gdb, ARGUMENTS.extension, [ARGUMENTS.program],
                        ["break stop_here", "run", *preparation], commands)
        self.assertNotIn("Error occurred in Python", found.all)
        return found.said

    def test_all_are_found(self):
        said = self.session([], ["ebb heaps"])["ebb heaps"]
        found = re.findall(r"^heap 0x\w+ \(cplusplus.cpp: (.*)\): .* 0 blocks in use", said, re.MULTILINE)
        self.assertEqual(sorted(found), sorted(NAMES), said)

    def test_what_has_no_value_yet_is_no_damage(self):
        said = self.session([], ["ebb check"])["ebb check"]
        self.assertIn("main(): none_yet = 0x40: no heap there, or its control block is damaged\n", said)
        self.assertEqual(said.count(": sound\n"), len(NAMES), said)
        self.assertNotIn("heaps damaged", said)

    def damage(self, names):
        """What the commands say once these heaps have no control block."""
        heaps = [name.removeprefix("(anonymous namespace)::") for name in names]
        wipes = [f"python gdb.selected_inferior().write_memory(int(gdb.parse_and_eval('{heap}')), b'\\xff' * 100)"
                 for heap in heaps]
        said = self.session(wipes, ["ebb check", "ebb stats"])
        for name, text in itertools.product(names, said.values()):
            self.assertRegex(text, f"{re.escape(name)} = 0x.*: no heap there, or its control block is damaged\n")
        return said

    def test_a_control_block_that_is_gone_is_damage(self):
        """Though there are other heaps, which are sound."""
        for command, text in self.damage(["plain_heap"]).items():
            self.assertEqual("1 of 4 heaps damaged" in text, command == "ebb check", text)

    def test_where_no_control_block_is_left_the_heaps_are_told(self):
        for text in self.damage(NAMES).values():
            self.assertIn("no heap found; name one by an expression", text)


if __name__ == "__main__":
    run_tests(__doc__, ARGUMENTS, PROGRAM)
