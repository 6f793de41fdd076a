#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Static RAM: what an allocator has counts, what every program with its C library has does not."""

import tempfile
import unittest
from pathlib import Path

import code_size
import subjects
from toolchain import compile_file

POINTER = {"cortex-m4": 4, "rv32imac": 4, "rv64imac": 8}

STATE = "char kept[40]; int set = 1; void *malloc(unsigned size) { set += kept[size]; return kept; }"


class OneFile:
    """An allocator that is this text."""

    functions = ["malloc"]

    def objects(self, target, optimisation, directory):
        """See subjects.Ebb.objects()."""
        source = directory / "one_file.c"
        source.write_text(STATE, encoding="ascii")
        return [compile_file(target, [optimisation, "-w", "-ffreestanding"], source, directory / "one_file.o")]


class StaticRam(unittest.TestCase):
    """Allocators whose state is known, on machines of both families and widths."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def static_of(self, subject, target):
        """The bytes of static RAM."""
        return code_size.measure(subject, target, "-Os", self.folder)["static"]

    def test_all_that_the_allocator_has_counts(self):
        for target in POINTER:
            self.assertEqual(self.static_of(OneFile(), target), 44, target)

    def test_of_picolibc_the_free_list_and_both_ends_of_its_memory_count(self):
        for target, pointer in POINTER.items():
            self.assertEqual(self.static_of(subjects.Picolibc(), target), 3 * pointer, target)

    def test_of_newlib_nano_the_free_list_and_the_start_of_its_memory_count(self):
        subjects.prepare(self.folder)
        nano = next(subject for subject in subjects.SUBJECTS if subject.name == "newlib-nano")
        if not nano.available("cortex-m4"):
            self.skipTest("newlib's sources are not installed (package newlib-source)")
        for target, pointer in POINTER.items():
            self.assertEqual(self.static_of(nano, target), 2 * pointer, target)


if __name__ == "__main__":
    unittest.main()
