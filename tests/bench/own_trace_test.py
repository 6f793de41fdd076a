#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Traces of one's own: that files are measured as the project's own traces are, and that what is none is told."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BENCH = Path(__file__).resolve().parent
DATA = BENCH.parent / "trace" / "data"
KNOWN = "coap_pdus"
OWN = "own"
FLAGS = 16  # where the header of a trace has them
SYNTHETIC = 2

TOOLS = Path(os.environ.get("EBB_BENCH_TOOLS", BENCH.parent.parent / "build" / "host" / "tests" / "bench"))


def run(*command):
    """Runs a command; returns its exit status, its output and its complaints."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class OwnTrace(unittest.TestCase):
    """A copy of a trace of the project's, under another name."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.path = self.copy(f"{OWN}.mtr")

    def copy(self, name):
        """A copy of the known trace."""
        return Path(shutil.copy(DATA / f"{KNOWN}.mtr", self.folder / name))

    def bench(self, *words):
        """Runs bench.py."""
        return run(sys.executable, "-B", BENCH / "bench.py", "--build", self.folder / "build", "--tools", TOOLS,
                   "--jobs", 1, *words)

    def rows(self, output, name):
        """The lines about a trace, without its name."""
        return [line.replace("|", " ").split()[1:] for line in output.splitlines()
                if line.strip("| ").split(" ")[0] == name]

    def assert_measured_alike(self, command, *options):
        """The known trace, and its copy, in the same words."""
        outputs = []
        for trace in (KNOWN, self.path):
            status, output, complaint = command(*options, trace)
            self.assertEqual(status, 0, complaint)
            outputs.append(output)
        rows = self.rows(outputs[0], KNOWN)
        self.assertTrue(rows)
        self.assertEqual(self.rows(outputs[1], OWN), rows)
        return outputs

    def assert_refused(self, answer, reason):
        """A command that said why it did not do it, and printed nothing else of it."""
        status, output, complaint = answer
        self.assertNotEqual(status, 0)
        self.assertIn(reason, complaint)
        self.assertNotIn("recorded", output)

    def test_footprint(self):
        self.assert_measured_alike(lambda *words: run(TOOLS / "footprint_16_8", *words), "--no-search")

    def test_clairvoyant(self):
        self.assert_measured_alike(lambda *words: run(TOOLS / "clairvoyant", *words))

    def test_policies(self):
        known, own = self.assert_measured_alike(self.bench, "policies", "--trace")
        self.assertIn("geometric mean", known)
        self.assertEqual(self.rows(own, "geometric"), self.rows(known, "geometric"))

    def test_instructions(self):
        known, own = self.assert_measured_alike(self.bench, "instructions", "--subject", "ebb_16_8", "--trace")
        self.assertTrue(self.rows(known, "ebb_16_8"))
        self.assertEqual(self.rows(own, "ebb_16_8"), self.rows(known, "ebb_16_8"))

    def test_made_up_traces_count_in_no_mean(self):
        content = bytearray(self.path.read_bytes())
        content[FLAGS] |= SYNTHETIC
        self.path.write_bytes(content)
        status, output, _ = run(TOOLS / "clairvoyant", self.path)
        self.assertEqual(status, 0)
        self.assertEqual(self.rows(output, "recorded"), [])
        status, output, _ = self.bench("policies", "--trace", self.path)
        self.assertEqual(status, 0)
        self.assertTrue(self.rows(output, OWN))
        self.assertNotIn("geometric mean", output)
        status, output, _ = self.bench("instructions", "--subject", "ebb_16_8", "--trace", self.path)
        self.assertEqual(status, 0)
        self.assertEqual(len(self.rows(output, OWN)), 2)
        self.assertTrue(all(set(row) == {"–"} for row in self.rows(output, "ebb_16_8")))

    def test_what_is_no_trace(self):
        for tool in ("footprint_16_8", "clairvoyant"):
            self.assert_refused(run(TOOLS / tool, "nobody"), "nobody: is no trace")
            self.assert_refused(run(TOOLS / tool, self.folder / "none.mtr"), "No such file")
            self.path.write_bytes(self.path.read_bytes()[:-1])
            self.assert_refused(run(TOOLS / tool, self.path), "own.mtr: cut")

    def test_what_the_boards_cannot_name(self):
        self.assert_refused(self.bench("policies", "--trace", "nobody"), "there is no trace 'nobody'")
        self.assert_refused(self.bench("policies", "--trace", self.folder / "none.mtr"), "there is no file")
        self.assert_refused(self.bench("policies", "--trace", self.copy("a-b.mtr")), "one of C's names")
        self.assert_refused(self.bench("policies", "--trace", self.copy(f"{KNOWN}.mtr")), "none of lua_events")
        self.assert_refused(self.bench("policies", "--trace", self.path, "--trace", self.path), "have one name")


if __name__ == "__main__":
    unittest.main()
