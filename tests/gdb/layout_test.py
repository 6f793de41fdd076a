#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Compares the control block that the GDB extension declares with what a compiler made of it, in every geometry."""

import argparse
import unittest

from session import Session, run_tests

ARGUMENTS = argparse.Namespace()

# Runs in GDB: prints every member as debug information has it, and as the extension declares it.
COMPARE = """python
from ebb_gdb import target
from ebb_gdb.layout import Geometry, declared_layout
known = [layout for layout in target.known_layouts() if layout.geometry.granule == {granule}]
declared = declared_layout(Geometry({bits} // 8, {granule}, target.pointer_size(), {is_sealed}))
print("members", len(declared.members), "known", len(known))
for layout in known:
    for name, member in layout.members.items():
        if declared.members.get(name) != member:
            print("differs:", name, "is", member, "declared", declared.members.get(name))
    print("size", layout.control_size, declared.control_size, "first", layout.first, declared.first)
    print("numbers of", layout.geometry.number, "bytes")
"""


class Layout(unittest.TestCase):
    """One object file for each geometry."""

    def test_declared_is_compiled(self):
        for argument in ARGUMENTS.objects:
            geometry, _, path = argument.partition("=")
            bits, granule, *level = geometry.split("_")
            is_sealed = level == ["level2"]
            with self.subTest(geometry=geometry):
                command = COMPARE.format(bits=bits, granule=granule, is_sealed=is_sealed).strip()
                script = "python exec(" + repr(command.partition("\n")[2]) + ")"
                said = Session(ARGUMENTS.gdb, ARGUMENTS.extension, [path], [], [script]).all
                self.assertIn("known 1", said)
                self.assertNotIn("differs", said)
                sizes = next(line for line in said.splitlines() if line.startswith("size ")).split()
                self.assertEqual((sizes[1], sizes[4]), (sizes[2], sizes[5]))
                self.assertIn(f"numbers of {int(bits) // 8} bytes", said)


if __name__ == "__main__":
    run_tests(__doc__, ARGUMENTS, {"objects": {"nargs": "+", "help": "GEOMETRY=FILE"}})
