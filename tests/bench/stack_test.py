#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The bound of the stack, on programs that need a known number of bytes, or have no bound."""

import tempfile
import unittest
from pathlib import Path

import stack
from toolchain import BenchError, compile_file

TARGET = "cortex-m4"
BUFFER = 400

CHAIN = """
void fill(char *);
__attribute__((noinline)) static int deep(void) { char buffer[%(bytes)s]; fill(buffer); return buffer[1] + 1; }
int shallow(void) { return 1; }
int top(void) { return deep() + shallow() + 1; }
"""
OTHER_FILE = "int top(void); int above(void) { return top() + 1; }"
RECURSION = "int down(int n) { return n == 0 ? 0 : down(n - 1) * n + n; }"
NO_BOUND = "void fill(char *); void top(int n) { char buffer[n]; fill(buffer); }"


class Stack(unittest.TestCase):
    """Small programs, compiled as the allocators are."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def compiled(self, *sources):
        """The objects of these sources."""
        objects = []
        for number, text in enumerate(sources):
            source = self.folder / f"part{number}.c"
            source.write_text(text % {"bytes": BUFFER} if "%(" in text else text, encoding="ascii")
            objects.append(compile_file(TARGET, ["-O1"], source, source.with_suffix(".o")))
        return objects

    def test_the_deepest_path_counts(self):
        objects = self.compiled(CHAIN)
        self.assertEqual(stack.deepest(objects, ["shallow"]), 0)
        self.assertGreaterEqual(stack.deepest(objects, ["top"]), BUFFER)
        self.assertEqual(stack.deepest(objects, ["top", "shallow"]), stack.deepest(objects, ["top"]))

    def test_a_path_goes_through_all_objects(self):
        objects = self.compiled(CHAIN, OTHER_FILE)
        self.assertGreater(stack.deepest(objects, ["above"]), stack.deepest(objects, ["top"]))

    def test_functions_of_one_name_in_two_files_are_two(self):
        small = CHAIN.replace("%(bytes)s", "8").replace("shallow", "other").replace("top", "low")
        objects = self.compiled(CHAIN, small)
        self.assertLess(stack.deepest(objects, ["low"]), BUFFER)

    def test_what_is_in_no_object_is_not_known(self):
        self.assertIsNone(stack.deepest(self.compiled(CHAIN), ["malloc"]))

    def test_recursion_is_told(self):
        with self.assertRaisesRegex(BenchError, "down -> down"):
            stack.deepest(self.compiled(RECURSION), ["down"])

    def test_a_frame_without_bound_is_told(self):
        with self.assertRaisesRegex(BenchError, "top has no bound"):
            stack.deepest(self.compiled(NO_BOUND), ["top"])


if __name__ == "__main__":
    unittest.main()
