#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Recording programs for `bench.py unseen`: what is recorded, and what is said of a program that fails."""

import os
import struct
import tempfile
import unittest
from pathlib import Path

import traces
import unseen
from toolchain import BenchError

TOOLS = Path(os.environ.get("EBB_BENCH_TOOLS", unseen.INPUTS.parents[2] / "build" / "host" / "tests" / "bench"))
RECORDER = TOOLS.parent.parent / "port-host" / "tools" / "ebb-trace"


class Unseen(unittest.TestCase):
    """With programs that every Debian system has."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.programs = unseen.programs(self.folder)

    def record(self, name, recorder=RECORDER):
        """Records one program; returns the operations, the slots and the peak of its trace."""
        trace = self.folder / f"{name}.mtr"
        unseen.record_one(recorder, trace, *self.programs[name])
        return struct.unpack_from("<3I", trace.read_bytes(), 4)

    def test_a_program_has_done_its_work(self):
        for name in ("dash", "sed"):
            operations, slots, peak = self.record(name)
            self.assertGreater(operations, 5000)
            # The boards replay no more slots than this, and the compact geometry has no more memory.
            self.assertLess(slots, 4096)
            self.assertLess(peak, 100000)

    def test_recordings_are_the_same_each_time(self):
        self.assertEqual(self.record("dash"), self.record("dash"))

    def test_names_are_those_of_traces(self):
        for name in self.programs:
            trace = self.folder / f"{name}.mtr"
            trace.touch()
            self.assertEqual(traces.chosen(str(trace)), str(trace))

    def test_a_program_that_fails(self):
        self.programs["sed"] = (["sed", "!"], "")
        with self.assertRaisesRegex(BenchError, "sed ended with 1: .*missing command"):
            self.record("sed")

    def test_a_program_that_is_missing(self):
        self.programs["sed"] = (["no-such-program"], "")
        with self.assertRaisesRegex(BenchError, "no-such-program ended with"):
            self.record("sed")

    def test_a_recorder_that_is_missing(self):
        with self.assertRaisesRegex(BenchError, "no-such-recorder: No such file"):
            self.record("sed", self.folder / "no-such-recorder")


if __name__ == "__main__":
    unittest.main()
