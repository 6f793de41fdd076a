#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs a program that does what a trace says and is recorded, decodes what it puts out, and compares.

Then loses part of the recording in several ways: the decoder has to say how many events are missing, and to write a
trace that is sound all the same.
"""

import argparse
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tools"))

from mtr import Trace  # noqa: E402

FLAGS_OF_ORIGIN = 3  # recorded on 64 bits, synthetic: what the program that is recorded here does not know

ARGUMENTS = argparse.Namespace()


def run_program():
    done = subprocess.run(ARGUMENTS.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise AssertionError(f"the program ended with {done.returncode}")
    return done.stdout


def decode(recording, *options):
    """Returns the exit status, the trace, and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "trace")
        command = [sys.executable, "-B", ARGUMENTS.decoder, "--output", path, *options]
        done = subprocess.run(command, input=recording, capture_output=True, check=False)
        trace = b""
        if os.path.exists(path):
            with open(path, "rb") as file:
                trace = file.read()
        return done.returncode, trace, done.stderr.decode()


def without_origin(trace):
    flags = struct.unpack_from("<I", trace, 16)[0] & ~FLAGS_OF_ORIGIN
    return trace[:16] + struct.pack("<I", flags) + trace[20:]


def frames_of(output):
    """Start and end of each frame in what the program put out, delimiters included."""
    return [match.span() for match in re.finditer(rb"\0[^\0]+\0", output)]


class Replay(unittest.TestCase):
    """What comes out of the recorder is what went in."""

    @classmethod
    def setUpClass(cls):
        cls.output = run_program()
        cls.events = int(re.search(rb"@events \d+ (\d+)", cls.output).group(1))
        with open(ARGUMENTS.trace, "rb") as file:
            cls.trace = file.read()
        cls.operations = struct.unpack_from("<I", cls.trace, 4)[0]

    def assert_lost(self, recording, expected=None):
        """Decodes a recording of which something is missing; returns what was said, and how many events are missing."""
        status, trace, said = decode(recording, "--verbose")
        self.assertEqual(status, 1, said)
        Trace(trace)  # which looks whether it is sound
        lost = sum(map(int, re.findall(r"(\d+) events? lost", said)))
        came = int(re.search(r"(\d+) events?, ", said).group(1))
        if expected is None:
            self.assertEqual(lost + came, self.events, said)
        else:
            self.assertEqual(lost, expected, said)
        return said, lost

    def test_is_the_trace(self):
        status, trace, said = decode(self.output)
        self.assertEqual((status, said), (0, ""))
        self.assertEqual(without_origin(trace), without_origin(self.trace))

    def test_text_is_passed_over(self):
        with tempfile.NamedTemporaryFile() as text:
            decode(self.output, "--text", text.name)
            lines = text.read().replace(b"\r", b"").splitlines()
        self.assertEqual([line.split()[0] for line in lines], [
            b"@warming-up", b"@recording", b"@events", b"@recorder", b"@idle"])

    def test_can_be_looked_at(self):
        if ARGUMENTS.view is None:
            self.skipTest("no ebb-view")
        with tempfile.TemporaryDirectory() as folder:
            trace, page = os.path.join(folder, "recorded.mtr"), os.path.join(folder, "page.html")
            with open(trace, "wb") as file:
                file.write(decode(self.output)[1])
            subprocess.run([ARGUMENTS.view, trace, "--output", page], check=True)
            with open(page, encoding="utf-8") as file:
                self.assertIn("recorded", file.read())

    def test_marks_are_few(self):
        # Start, snapshot of nothing and its end, the recording's end: all else are calls.
        self.assertEqual(self.events, self.operations + 4)

    def test_lost_frame(self):
        spans = frames_of(self.output)
        start, end = spans[len(spans) // 2]
        said, lost = self.assert_lost(self.output[:start] + self.output[end:])
        self.assertTrue(8 <= lost <= 40, said)

    def test_lost_beginning(self):
        spans = frames_of(self.output)
        said, lost = self.assert_lost(self.output[spans[3][1]:])
        self.assertGreater(lost, 20)
        self.assertIn("at the beginning", said)

    def test_lost_end(self):
        spans = frames_of(self.output)
        said, _ = self.assert_lost(self.output[:spans[-4][1]], expected=0)
        self.assertIn("no end", said)

    def test_bytes_lost_anywhere(self):
        chance = random.Random(1)
        first, last = frames_of(self.output)[0][0], frames_of(self.output)[-2][1]
        for length in (1, 2, 3, 70, 500):
            start = chance.randrange(first, last - length)
            with self.subTest(start=start, length=length):
                _, lost = self.assert_lost(self.output[:start] + self.output[start + length:])
                self.assertGreater(lost, 0)

    def test_bytes_changed_anywhere(self):
        chance = random.Random(2)
        first, last = frames_of(self.output)[0][0], frames_of(self.output)[-2][1]
        for _ in range(8):
            damaged = bytearray(self.output)
            place = chance.randrange(first, last)
            damaged[place] ^= 1 << chance.randrange(8)
            with self.subTest(place=place):
                _, lost = self.assert_lost(bytes(damaged))
                self.assertGreater(lost, 0)

    def test_cut_anywhere_and_joined(self):
        chance = random.Random(3)
        pieces = [self.output[start:end] for start, end in frames_of(self.output)]
        kept = [piece for piece in pieces[:-1] if chance.random() < 0.8] + pieces[-1:]
        self.assert_lost(b"\nsome text\n".join(kept))

    def test_two_recordings(self):
        status, trace, said = decode(self.output + self.output, "--recording", "1")
        self.assertEqual((status, said), (0, ""))
        self.assertEqual(without_origin(trace), without_origin(self.trace))
        status, trace, said = decode(self.output + self.output)
        self.assertEqual(status, 0)
        self.assertIn("there are 2 recordings", said)
        status, _, said = decode(self.output, "--recording", "2")
        self.assertEqual((status, said), (2, "ebb-decode: there is no recording 2, but 1\n"))

    def test_no_recording(self):
        for nothing in (b"", b"\0", b"some text\n", bytes(range(256)) * 4):
            status, trace, said = decode(nothing)
            self.assertEqual((status, trace), (2, b""))
            self.assertIn("no recording", said)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decoder", required=True, help="ebb-decode")
    parser.add_argument("--trace", required=True, help="what the program does")
    parser.add_argument("--view", help="ebb-view")
    parser.add_argument("command", nargs="+", help="the program, with what starts it")
    parser.parse_args(namespace=ARGUMENTS)
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
