#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs scripted_app in one geometry after the other, decodes what it put out, and knows what that has to be."""

import argparse
import os
import subprocess
import sys
import tempfile
import unittest
from binascii import crc_hqx
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tools"))

from mtr import ALIGNED, CALLOC, FREE, MALLOC, REALLOC, Trace  # noqa: E402

ARGUMENTS = argparse.Namespace()


def operations_of(content):
    """A list of (kind, slot, size, alignment), without what an operation has not."""
    return [(operation.kind, operation.slot, *filter(None, (operation.size, operation.alignment)))
            for operation in Trace(content).operations]


def record(program, script):
    """Returns the exit status of the decoder, the operations, and what it said."""
    recording = subprocess.run([program, script], stdout=subprocess.PIPE, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace")
        command = [sys.executable, "-B", ARGUMENTS.decoder, "--verbose", "--output", trace]
        done = subprocess.run(command, input=recording, capture_output=True, check=False)
        with open(trace, "rb") as file:
            return done.returncode, operations_of(file.read()), done.stderr.decode()


def frame_of(content):
    """The number of the first event and events, as they travel."""
    plain = content + crc_hqx(content, 0xffff).to_bytes(2, "little")
    return b"\0" + b"".join(bytes([len(run) + 1]) + run for run in plain.split(b"\0")) + b"\0"


class Scripted(unittest.TestCase):
    """Each script, in each geometry."""

    def runs(self, script):
        for program in ARGUMENTS.programs:
            with self.subTest(program=program):
                yield record(program, script)

    def test_calls(self):
        for status, operations, said in self.runs("calls"):
            self.assertEqual(status, 0, said)
            self.assertEqual(operations, [
                (MALLOC, 0, 100), (CALLOC, 1, 150), (ALIGNED, 2, 20, 256), (MALLOC, 3, 1),
                (REALLOC, 0, 40), (REALLOC, 0, 5000), (MALLOC, 4, 9), (FREE, 1), (FREE, 2)])
            self.assertIn("9 calls, of which 0 failed", said)
            self.assertEqual(said.count("\n"), 1)

    def test_failures(self):
        for status, operations, said in self.runs("failures"):
            self.assertEqual(status, 0, said)
            self.assertEqual(operations, [(MALLOC, 0, 1000), (REALLOC, 0, 900), (FREE, 0)])
            self.assertIn("10 calls, of which 4 failed", said)
            self.assertIn("3 calls freed what was not in use", said)

    def test_snapshots(self):
        for status, operations, said in self.runs("snapshots"):
            self.assertEqual(status, 0, said)
            sizes = [operation[2] for operation in operations if operation[0] == MALLOC]
            # Of blocks that are only seen in a snapshot, the size requested is not known.
            self.assertTrue(100 <= sizes[0] < 132 and 30 <= sizes[1] < 62 and sizes[2] == 200)
            self.assertTrue(300 <= sizes[3] < 332)
            kinds = [operation[:2] for operation in operations]
            self.assertEqual(kinds[:3], [(MALLOC, 0), (MALLOC, 1), (MALLOC, 2)])
            self.assertEqual(sorted(kinds[3:5]), [(MALLOC, 3), (FREE, 1)])
            self.assertEqual(kinds[5:], [(FREE, 2), (FREE, 3), (FREE, 0)])
            self.assertIn("2 operations put into the trace", said)

    def test_flushes(self):
        for status, operations, said in self.runs("flushes"):
            self.assertEqual((status, operations), (1, [(MALLOC, 0, 10), (FREE, 0)]), said)
            self.assertIn("no end", said)

    def test_extremes(self):
        for status, operations, said in self.runs("extremes"):
            self.assertEqual(status, 0, said)
            self.assertEqual(operations, [
                (MALLOC, 0, 8), *((MALLOC, slot, 1000) for slot in range(1, 41)), (FREE, 40), (FREE, 0)])
            self.assertIn("123 calls, of which 80 failed", said)

    def test_wrapped(self):
        status, operations, said = record(ARGUMENTS.wrapped, "wrapped")
        self.assertEqual(status, 0, said)
        self.assertEqual(operations, [
            (MALLOC, 0, 100), (CALLOC, 1, 30), (ALIGNED, 2, 7, 64), (ALIGNED, 3, 9, 1), (MALLOC, 4, 11),
            (REALLOC, 0, 3000), (FREE, 0), (FREE, 1)])

    def test_wrapped_flush(self):
        status, operations, said = record(ARGUMENTS.wrapped, "wrapped_flush")
        self.assertEqual(status, 0, said)
        self.assertEqual(operations, [(MALLOC, 0, 100), (REALLOC, 0, 5000), (FREE, 0)])


class CommandLine(unittest.TestCase):
    """The decoder as a command."""

    def run_decoder(self, *options, **settings):
        command = [sys.executable, "-B", ARGUMENTS.decoder, *options]
        return subprocess.run(command, capture_output=True, check=False, **settings)

    def test_filter(self):
        recording = subprocess.run([ARGUMENTS.wrapped, "calls"], stdout=subprocess.PIPE, check=True).stdout
        done = self.run_decoder(input=recording)
        self.assertEqual((done.returncode, done.stdout[:4], done.stderr), (0, b"MTR1", b""))

    def test_bad_input(self):
        self.assertEqual(self.run_decoder("/nowhere/at all").returncode, 2)
        self.assertIn(b"/nowhere/at all: No such file", self.run_decoder("/nowhere/at all").stderr)
        done = self.run_decoder("--no-such-option")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"--no-such-option\nTry 'ebb-decode --help'.\n", done.stderr)
        recording = subprocess.run([ARGUMENTS.wrapped, "calls"], stdout=subprocess.PIPE, check=True).stdout
        done = self.run_decoder("--output", "/nowhere/at all", input=recording)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"/nowhere/at all: No such file", done.stderr)

    def test_an_output_that_cannot_be_written_is_said_to_be_before_anything_is_read(self):
        """What has come from a device by then would be lost."""
        for name, why in (("/nowhere/out", "No such file or directory"), ("/", "Is a directory")):
            for option in ("--output", "--text"):
                decoder = subprocess.Popen([sys.executable, "-B", ARGUMENTS.decoder, option, name],
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertEqual(decoder.wait(timeout=60), 2)  # although the recording may still come
                self.assertEqual(decoder.communicate()[1].decode(), f"ebb-decode: {name}: {why}\n")

    def test_a_recording_is_not_written_over(self):
        content = frame_of(bytes([0, 7, 1, 8, 2, 4]))
        with tempfile.TemporaryDirectory() as folder:
            recording = os.path.join(folder, "recording")
            with open(recording, "wb") as file:
                file.write(content)
            for option in ("--output", "--text"):
                done = self.run_decoder(option, recording, os.path.join(folder, ".", "recording"))
                said = f"ebb-decode: {recording}: is a recording to be decoded, and would be lost\n"
                self.assertEqual((done.returncode, done.stdout, done.stderr.decode()), (2, b"", said))
                with open(recording, "rb") as file:
                    self.assertEqual(file.read(), content)

    def test_closed_output(self):
        recording = subprocess.run([ARGUMENTS.wrapped, "calls"], stdout=subprocess.PIPE, check=True).stdout
        command = ["sh", "-c", 'exec "$0" -B "$1" >&-', sys.executable, ARGUMENTS.decoder]
        done = subprocess.run(command, input=recording, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (2, b"ebb-decode: standard output: Bad file descriptor\n"))

    def test_closed_input(self):
        done = self.run_decoder(preexec_fn=lambda: os.close(0))
        self.assertEqual((done.returncode, done.stderr), (2, b"ebb-decode: -: Bad file descriptor\n"))

    def test_closed_error_output(self):
        """What is said goes nowhere then, not into the trace."""
        recording = frame_of(bytes([0, 7, 1, 8, 2, 4]))
        done = self.run_decoder(input=recording)
        self.assertIn(b"the recording has no end", done.stderr)
        closed = self.run_decoder(input=recording, preexec_fn=lambda: os.close(2))
        self.assertEqual((closed.returncode, closed.stdout), (1, done.stdout))

    def test_help_and_version(self):
        done = self.run_decoder("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"Usage: ebb-decode", done.stdout)
        self.assertRegex(self.run_decoder("--version").stdout.decode(), r"^ebb-decode \(ebb\) \d+\.\d+\.\d+\n$")

    def test_full_disk(self):
        """Neither what is asked for nor a trace gets lost in silence, and Python adds nothing of its own at the end."""
        recording = frame_of(bytes([0, 7, 1, 8, 2, 4])) + b"text" + frame_of(bytes([2, 15]))
        for options in (("--output", "/dev/full"), ("--text", "/dev/full", "--output", os.devnull)):
            done = self.run_decoder(*options, input=recording)
            self.assertEqual((done.returncode, done.stderr), (2, b"ebb-decode: /dev/full: No space left on device\n"))
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        for options in ((), ("--text", "-", "--output", os.devnull), ("--help",), ("--version",)):
            with self.subTest(options=options), open("/dev/full", "wb") as full:
                command = [sys.executable, "-B", ARGUMENTS.decoder, *options]
                done = subprocess.run(command, input=recording, stdout=full, stderr=subprocess.PIPE, env=buffered,
                                      check=False)
                said = b"ebb-decode: standard output: No space left on device\n"
                self.assertEqual((done.returncode, done.stderr), (2, said))

    def test_later_version(self):
        done = self.run_decoder(input=frame_of(bytes([0, 7, 2, 8, 2, 4])))
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"version 2", done.stderr)

    def test_checks_that_are_right_by_chance(self):
        """A size of 0, alignments that no trace can have, and a number that does not end."""
        start, end = frame_of(bytes([0, 7, 1, 8, 2, 4])), frame_of(bytes([2, 15]))
        for event in ([16, 0], [20, 5, 32], [20, 5, 0xac, 2], [16, 0x80]):
            with self.subTest(event=event):
                done = self.run_decoder(input=start + frame_of(bytes([1, *event])) + end)
                self.assertEqual((done.returncode, operations_of(done.stdout)), (1, []), done.stderr)
                self.assertIn(b"1 event lost after the first 1\n", done.stderr)
                self.assertIn(b"of damaged frames passed over", done.stderr)

    def test_snapshots_that_a_free_is_in(self):
        """None of a recorder is; a block that is not known is none for the trace, either."""
        done = self.run_decoder(input=frame_of(bytes([0, 7, 1, 8, 2, 4, 23, 17, 31, 15])))
        self.assertEqual((done.returncode, operations_of(done.stdout)), (0, []), done.stderr)
        self.assertIn(b"1 call freed what was not in use", done.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decoder", required=True, help="ebb-decode")
    parser.add_argument("--wrapped", required=True, help="scripted_app, with the heap's functions wrapped")
    parser.add_argument("programs", nargs="+", help="scripted_app in each geometry")
    parser.parse_args(namespace=ARGUMENTS)
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
