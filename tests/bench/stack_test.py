#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The bound of the stack, on programs that need a known number of bytes, or have no bound."""

import tempfile
import unittest
from pathlib import Path

import stack
from toolchain import BenchError, compile_file

TARGET = "cortex-m4"
WITH_JUMPS = ["-O1", "-foptimize-sibling-calls"]
BUFFER = 400

CHAIN = """
void fill(char *);
__attribute__((noinline)) static int deep(void) { char buffer[%(bytes)s]; fill(buffer); return buffer[1] + 1; }
int shallow(void) { return 1; }
int top(void) { return deep() + shallow() + 1; }
"""
OTHER_FILE = "int top(void); int above(void) { return top() + 1; }"
JUMP = """
void fill(char *);
__attribute__((noinline)) static void deep(void) { char buffer[%(bytes)s]; fill(buffer); fill(buffer); }
void top(void) { { char buffer[%(bytes)s]; fill(buffer); fill(buffer); } deep(); }
"""
RECURSION = "int down(int n) { return n == 0 ? 0 : down(n - 1) * n + n; }"
NO_BOUND = "void fill(char *); void top(int n) { char buffer[n]; fill(buffer); }"


class Stack(unittest.TestCase):
    """Small programs, compiled as the allocators are."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def compiled(self, *sources, target=TARGET, flags=("-O1",)):
        """The objects of these sources."""
        objects = []
        for number, text in enumerate(sources):
            source = self.folder / f"part{number}.c"
            source.write_text(text % {"bytes": BUFFER} if "%(" in text else text, encoding="ascii")
            objects.append(compile_file(target, list(flags), source, source.with_suffix(".o")))
        return objects

    def test_the_deepest_path_counts(self):
        objects = self.compiled(CHAIN)
        self.assertEqual(stack.deepest(TARGET, objects, ["shallow"]), 0)
        self.assertGreaterEqual(stack.deepest(TARGET, objects, ["top"]), BUFFER)
        self.assertEqual(stack.deepest(TARGET, objects, ["top", "shallow"]), stack.deepest(TARGET, objects, ["top"]))

    def test_a_path_goes_through_all_objects(self):
        objects = self.compiled(CHAIN, OTHER_FILE)
        self.assertGreater(stack.deepest(TARGET, objects, ["above"]), stack.deepest(TARGET, objects, ["top"]))

    def test_a_frame_is_gone_where_a_function_ends_in_a_jump(self):
        for target in TARGET, "rv32imac":
            objects = self.compiled(JUMP, target=target, flags=WITH_JUMPS)
            self.assertLess(stack.deepest(target, objects, ["top"]), 2 * BUFFER, target)
            self.assertGreaterEqual(stack.deepest(target, objects, ["top"]), BUFFER, target)

    def test_a_frame_stays_where_something_is_called_as_well(self):
        for target in TARGET, "rv32imac":
            calls_too = JUMP.replace("fill(buffer); } deep()", "deep(); fill(buffer); } deep()")
            objects = self.compiled(calls_too, target=target, flags=WITH_JUMPS)
            self.assertGreaterEqual(stack.deepest(target, objects, ["top"]), 2 * BUFFER, target)

    def test_functions_of_one_name_in_two_files_are_two(self):
        small = CHAIN.replace("%(bytes)s", "8").replace("shallow", "other").replace("top", "low")
        objects = self.compiled(CHAIN, small)
        self.assertLess(stack.deepest(TARGET, objects, ["low"]), BUFFER)

    def test_what_is_in_no_object_is_not_known(self):
        self.assertIsNone(stack.deepest(TARGET, self.compiled(CHAIN), ["malloc"]))

    def test_recursion_is_told(self):
        with self.assertRaisesRegex(BenchError, "down -> down"):
            stack.deepest(TARGET, self.compiled(RECURSION), ["down"])

    def test_a_frame_without_bound_is_told(self):
        with self.assertRaisesRegex(BenchError, "top has no bound"):
            stack.deepest(TARGET, self.compiled(NO_BOUND), ["top"])


if __name__ == "__main__":
    unittest.main()
