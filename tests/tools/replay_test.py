# SPDX-License-Identifier: Apache-2.0 OR MIT
"""replay_test.py REPLAY-TOOL FOLDER-OF-TRACES: what ebb-replay prints, and what it says about what it cannot replay."""

import csv
import glob
import io
import json
import os
import pty
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

from mtr import Trace

TOOL = TRACES = None
GEOMETRIES = {"16/8": (8, 2), "16/16": (16, 2), "32/8": (8, 4), "32/16": (16, 4)}


def trace(name):
    return os.path.join(TRACES, name + ".mtr")


def pieces_of(terminal):
    """What was written to a terminal whose other end is closed: in as many pieces as it likes to give."""
    while True:
        try:
            piece = os.read(terminal, 10000)
        except OSError:
            return
        if not piece:
            return
        yield piece


def number(value):
    encoded = b""
    while value >= 0x80:
        encoded += bytes([value & 0x7f | 0x80])
        value >>= 7
    return encoded + bytes([value])


def header(*fields):
    return b"MTR1" + b"".join(field.to_bytes(4, "little") for field in fields)


class Replaying(unittest.TestCase):
    """Runs the tool in a folder of its own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="ebb-replay-")
        self.addCleanup(self.folder.cleanup)

    def start(self, *arguments, **settings):
        return subprocess.run([TOOL, *arguments], cwd=self.folder.name, capture_output=True, timeout=120, check=False,
                              **settings)

    def write(self, name, content):
        """A file in the folder; returns its path."""
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def write_block(self, size):
        """A trace of one block; returns its path."""
        stream = number(0) + number(size)
        return self.write("block.mtr", header(1, 1, size, 0, len(stream), size, size) + stream)

    def run_tool(self, *arguments, **settings):
        done = self.start(*arguments, **settings)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        return done.stdout.decode()

    def cases(self, *arguments):
        return json.loads(self.run_tool("-f", "json", "--no-time", *arguments))["cases"]

    def case(self, *arguments):
        found, = self.cases(*arguments)
        return found


class Figures(Replaying):
    """Whether the figures are right."""

    def test_every_trace_of_the_project_fits(self):
        paths = sorted(glob.glob(os.path.join(TRACES, "*.mtr")))
        cases = self.cases("-g", "32/8", *paths)
        self.assertEqual(len(cases), 12)
        for path, case in zip(paths, cases):
            with open(path, "rb") as file:
                _, count, _, peak = struct.unpack("<4s3I", file.read(16))
            self.assertEqual((case["operations"], case["peak_live"], case["failed"]), (count, peak, 0))
            self.assertTrue(1 < case["footprint"] < 1.6, case)
            self.assertAlmostEqual(case["footprint"], case["smallest_maximum"] / case["peak_live"], 3)
            self.assertTrue(case["mean_region"] <= case["peak_region"], case)

    def test_the_smallest_maximum_is_the_smallest(self):
        for policy in ("return", "grow", "fixed", "return,quantum=512,above=1K"):
            for geometry, (granule, _) in GEOMETRIES.items():
                with self.subTest(policy=policy, geometry=geometry):
                    options = ["-g", geometry, "-P", policy, trace("coap_pdus")]
                    smallest = self.case(*options)["smallest_maximum"]
                    for maximum, fits in ((smallest, True), (smallest - granule, False)):
                        limited = self.start("-m", str(maximum), "--no-search", "--no-time", "--must-fit", *options)
                        self.assertEqual(limited.returncode, 0 if fits else 3, limited)

    def test_a_trace_without_operations_has_no_footprint(self):
        path = self.write("nothing.mtr", header(0, 0, 0, 0, 0, 0, 0))
        for geometry, (granule, _) in GEOMETRIES.items():
            with self.subTest(geometry=geometry):
                case = self.case("-g", geometry, path)
                self.assertIsNone(case["footprint"])
                smallest = case["smallest_maximum"]
                for maximum, status in ((smallest, 0), (smallest - granule, 1)):
                    limited = self.start("-m", str(maximum), "--no-search", "--no-time", "-g", geometry, path)
                    self.assertEqual(limited.returncode, status, limited)
        both = json.loads(self.run_tool("-f", "json", "--no-time", path, trace("coap_pdus")))
        summary, = both["summaries"]
        for name in ("footprint", "mean_fragmentation", "worst_fragmentation"):
            self.assertIsNone(summary[name], name)

    def test_large_blocks_fit(self):
        size = 100 << 20
        case = self.case(self.write_block(size))
        self.assertEqual(case["failed"], 0)
        self.assertTrue(size < case["smallest_maximum"] < size + 1024, case)

    def test_figures_are_those_of_the_events(self):
        case = self.case("--samples", "20", trace("lua_events"))
        events = Events(self.run_tool("-e", "-", trace("lua_events")))
        regions = [event[6] for event in events.operations]
        self.assertEqual(case["peak_region"], max(regions))
        self.assertAlmostEqual(case["mean_region"], sum(regions) / len(regions), delta=1)
        live = [event[9] for event in events.operations]
        self.assertAlmostEqual(case["region_over_live"], sum(regions) / sum(live), 3)
        upwards = [after > before for _, _, before, after in events.moves]
        self.assertEqual((case["grows"], case["shrinks"]), (upwards.count(True), upwards.count(False)))
        for done, live, region, free, largest in case["timeline"]:
            self.assertEqual([live, region], [events.operations[done - 1][column] for column in (9, 6)])
            request = events.operations[done - 1][8]
            self.assertEqual(largest, request + 2 if request else 0)
            self.assertTrue(largest <= free <= region - live)
        self.assertEqual(case["timeline"][-1][0], case["operations"])

    def test_failures_are_counted(self):
        case = self.case("-m", "60K", "--no-search", trace("lua_json"))
        self.assertEqual((case["maximum"], case["policy"]), (61440, "return,maximum=61440"))
        self.assertIsNone(case["smallest_maximum"])
        self.assertLessEqual(case["peak_region"], 61440)
        events = Events(self.run_tool("-m", "60K", "-e", "-", trace("lua_json")))
        self.assertEqual(case["failed"], sum(event[1] == "x" for event in events.operations))
        self.assertGreater(case["failed"], 100)

    def test_policies_do_what_they_say(self):
        returning, growing, fixed, steps = self.cases(
            "-P", "return", "-P", "grow", "-P", "fixed,maximum=64K", "-P", "return,quantum=4K", trace("sqlite_log"))
        self.assertGreater(returning["shrinks"], 0)
        self.assertEqual((growing["shrinks"], fixed["shrinks"]), (0, 0))
        self.assertLess(returning["mean_region"], growing["mean_region"])
        self.assertEqual(fixed["mean_region"], 65536)
        events = Events(self.run_tool("-P", "fixed,maximum=64K", "-e", "-", trace("sqlite_log")))
        self.assertEqual({operation for _, operation, _, _ in events.moves}, {0})
        self.assertEqual({event[6] for event in events.operations}, {65536})
        self.assertGreater(steps["moves_per_1000"], 0)
        events = Events(self.run_tool("-P", "return,quantum=4K", "--store-granule", "4K", "-e", "-",
                                      trace("sqlite_log")))
        self.assertEqual({region % 4096 for _, _, _, region in events.moves[1:]}, {0})

    def test_times_are_taken_if_wanted(self):
        case, = json.loads(self.run_tool("-f", "json", "--no-search", trace("coap_pdus")))["cases"]
        self.assertGreater(case["nanoseconds_per_call"], 0)
        self.assertIsNone(self.case("--no-search", trace("coap_pdus"))["nanoseconds_per_call"])

    def test_addresses_change_nothing(self):
        """The system has others each time, which matters to blocks with alignments of more than its pages."""
        stream = number(0) + number(100) + number(1 << 3 | 4) + number(5000) + bytes([24]) + number(2 << 3) + number(7)
        path = self.write("aligned.mtr", header(3, 3, 5107, 4 | 1, len(stream), 5000, 5107) + stream)
        self.assertEqual(len({self.run_tool("--no-time", path) for _ in range(5)}), 1)

    def test_jobs_change_nothing(self):
        options = ["--no-time", "-g", "all", trace("coap_pdus"), trace("expat_dom"), trace("syn_iot")]
        self.assertEqual(self.run_tool("-j", "1", *options), self.run_tool("-j", "7", *options))


class Events:
    """The stream of a replay, checked line by line against what a heap can look like."""

    def __init__(self, text):
        lines = [json.loads(line) for line in text.splitlines()]
        self.head = lines[0]
        self.operations, self.moves = [], []
        self.blocks, self.region = {}, 0
        for line in lines[1:]:
            if line[0] == "m":
                self.move(line)
            else:
                self.operation(line)
        assert len(self.operations) == self.head["operations"]

    def move(self, line):
        _, operation, before, after = line
        assert operation == len(self.operations) and before == self.region != after, line
        self.region = after
        self.moves.append(line)

    def operation(self, line):
        index, kind, slot, offset, size, requested, region, top, largest, live = line[:10]
        assert index == len(self.operations) and region == self.region, line
        assert not self.head["maximum"] or region <= self.head["maximum"], line
        if kind == "f":
            assert self.blocks.pop(slot, (None, 0, 0))[:2] == (offset, size), line
        elif kind != "x":
            assert offset % self.head["granule"] == 0 and size >= requested + self.head["header"], line
            self.blocks[slot] = (offset, size, requested)
        assert largest is None or largest <= region, line
        if index % 199 == 0:
            self.look(top, live)
        self.operations.append(line)

    def look(self, top, live):
        """No block overlaps another, and top is where the highest ends."""
        spans = sorted((offset, offset + size) for offset, size, _ in self.blocks.values())
        assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:]))
        assert top <= self.region and (not spans or spans[-1][1] == top), (spans[-1:], top)
        assert live == sum(requested for _, _, requested in self.blocks.values())


class Output(Replaying):
    """Formats and files."""

    def test_events_make_sense_everywhere(self):
        for geometry, (granule, header) in GEOMETRIES.items():
            for name in ("coap_pdus", "lua_events"):
                with self.subTest(geometry=geometry, trace=name):
                    events = Events(self.run_tool("-g", geometry, "-e", "-", trace(name)))
                    self.assertEqual([events.head[key] for key in ("trace", "geometry", "granule", "header")],
                                     [name, geometry, granule, header])
                    sizes = [operation.size for operation in Trace.read(trace(name)).operations]
                    self.assertEqual([event[5] for event in events.operations], sizes)

    def test_the_end_of_a_heap_without_blocks_is_where_the_first_one_will_be(self):
        stream = number(0) + number(5000) + number(1 << 3) + number(10)
        content = header(2, 2, 5010, 0, len(stream), 5000, 5010) + stream
        for geometry in GEOMETRIES:
            with self.subTest(geometry=geometry):
                failed, first = Events(self.run_tool("-g", geometry, "-m", "1K", "-e", "-", "-",
                                                     input=content)).operations
                self.assertEqual((failed[1], failed[7]), ("x", first[3]))

    def test_many_blocks_are_looked_at_now_and_then(self):
        """Allocates more than are walked each time, from a trace made here."""
        count = 6000
        stream = b"".join(number(slot << 3) + b"\x08" for slot in range(count))
        stream += b"".join(number(slot << 3 | 1) for slot in reversed(range(count)))
        content = header(2 * count, count, 8 * count, 0, len(stream), 8, 0) + stream
        events = Events(self.run_tool("-g", "32/8", "-e", "-", "-", input=content))
        known = sum(event[8] is not None for event in events.operations)
        self.assertTrue(2 * 4000 < known < 1.6 * count, known)

    def test_sites_have_their_last_names(self):
        """Site 1 is called "a", and later something that only JSON can hide; site 2 has bytes that are no text."""
        name = b'first "quoted"\nsecond'
        stream = b"\x0e\x01a" + b"\x0d\x00\x08" + b"\x16\x02b\xff" + b"\x15\x02\x09" + b"\x01"
        stream += b"\x0e" + number(len(name)) + name
        content = header(3, 1, 9, 8, len(stream), 9, 0) + stream
        events = Events(self.run_tool("-e", "-", "-", input=content))
        self.assertEqual([event[10:] for event in events.operations], [[name.decode()], ["b\ufffd"], []])
        self.assertEqual([event[1] for event in events.operations], ["a", "r", "f"])

    def test_sites_change_no_figure(self):
        plain = b"\x00\x08\x02\x09"
        with_site = b"\x0e\x01a\x0d" + plain
        tables = {self.run_tool("--no-time", "-f", "csv", "-", input=header(2, 1, 9, 8, len(content), 9, 9) + content)
                  for content in (plain, with_site)}
        self.assertEqual(len(tables), 1)

    def test_csv_and_json_agree(self):
        options = ["--no-time", "-P", "return", "-P", "grow,quantum=1K", trace("coap_pdus"), trace("expat_dom")]
        rows = list(csv.DictReader(io.StringIO(self.run_tool("-f", "csv", *options))))
        cases = json.loads(self.run_tool("-f", "json", *options))["cases"]
        for case in cases:
            del case["timeline"]
        texts = [{name: "" if value is None else str(value) for name, value in case.items()} for case in cases]
        self.assertEqual([{name: value.rstrip("0") for name, value in row.items()} for row in rows],
                         [{name: value.rstrip("0") for name, value in text.items()} for text in texts])
        self.assertEqual(rows[1]["policy"], "grow,quantum=1K")

    def test_summaries_are_means(self):
        result = json.loads(self.run_tool("-f", "json", "--no-time", trace("coap_pdus"), trace("expat_dom")))
        summary, = result["summaries"]
        first, second = result["cases"]
        self.assertAlmostEqual(summary["footprint"], (first["footprint"] * second["footprint"]) ** 0.5, 2)
        self.assertEqual(summary["operations"], first["operations"] + second["operations"])

    def test_table(self):
        lines = self.run_tool("--no-time", trace("coap_pdus"), trace("expat_dom")).splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["trace", "coap_pdus", "expat_dom", "all"])
        self.assertEqual(len({len(line) for line in lines}), 1)
        self.assertNotIn("ns/call", lines[0])

    def test_geometries_that_differ_are_said_to_be_mixed(self):
        large = self.write_block(1 << 20)
        for paths in ((large, trace("coap_pdus")), (trace("coap_pdus"), trace("expat_dom"), large)):
            *_, last = self.run_tool("--no-time", "--no-search", *paths).splitlines()
            self.assertEqual(last.split()[:2], ["all", "mixed"])

    def test_files(self):
        self.run_tool("-o", "out", "-t", "time.csv", "--samples", "7", "-f", "csv", "--no-time", trace("coap_pdus"))
        with open(os.path.join(self.folder.name, "time.csv"), encoding="utf-8") as file:
            samples = list(csv.DictReader(file))
        self.assertEqual(len(samples), 7)
        self.assertEqual(samples[-1]["operation"], "9206")
        self.assertGreater(os.path.getsize(os.path.join(self.folder.name, "out")), 100)

    def test_progress_is_for_terminals(self):
        """All other tests see standard error as a pipe, and require that nothing is there."""
        terminal, other_end = pty.openpty()
        done = subprocess.run([TOOL, "--no-time", trace("coap_pdus")], stdout=subprocess.PIPE, stderr=other_end,
                              timeout=120, check=True)
        os.close(other_end)
        shown = b"".join(pieces_of(terminal)).decode()
        os.close(terminal)
        self.assertRegex(shown, r"^\rreplayed [01] of 1, \d+ s.*\r\x1b\[K$")
        self.assertEqual(done.stdout.decode(), self.run_tool("--no-time", trace("coap_pdus")))

    def test_full_disk(self):
        done = self.start("-o", "/dev/full", "--no-search", "--no-time", trace("coap_pdus"))
        self.assertEqual((done.returncode, done.stderr), (1, b"ebb-replay: /dev/full: No space left on device\n"))

    def test_standard_output_on_a_full_disk(self):
        """Whichever way it is asked for."""
        for options in (("--help",), ("--version",), ("--no-search", "--no-time", trace("coap_pdus")),
                        ("-o", "-", "--no-search", "--no-time", trace("coap_pdus"))):
            with self.subTest(options=options), open("/dev/full", "wb") as full:
                done = subprocess.run([TOOL, *options], stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
                self.assertEqual((done.returncode, done.stderr),
                                 (1, b"ebb-replay: standard output: No space left on device\n"))

    def test_help_and_version(self):
        self.assertTrue(self.run_tool("--help").startswith("Usage: ebb-replay "))
        self.assertRegex(self.run_tool("--version"), r"^ebb-replay \(ebb\) \d+\.\d+\.\d+\n$")

    def test_names_in_json(self):
        path = os.path.join(os.fsencode(self.folder.name), b'a"\\\xc3\xa4\xff\n.mtr')
        with open(trace("coap_pdus"), "rb") as source, open(path, "wb") as copy:
            copy.write(source.read())
        self.assertEqual(self.case("--no-search", path)["trace"], 'a"\\ä\ufffd\n')

    def test_characters_in_json(self):
        """The first and the last of each length, and what lies just beyond: overlong forms, surrogates, too large."""
        good = "\x7f\x80\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff"
        bad = b"\xc1\xbf\xe0\x9f\xbf\xed\xa0\x80\xf0\x8f\xbf\xbf\xf4\x90\x80\x80\xf5\x80\x80\x80"
        name = good.encode() + bad
        path = os.path.join(os.fsencode(self.folder.name), name + b".mtr")
        shutil.copy(trace("coap_pdus"), path)
        self.assertEqual(self.case("--no-search", path)["trace"], name.decode(errors="replace"))


class Mistakes(Replaying):
    """What cannot be replayed."""

    def expect(self, status, message, *arguments, **settings):
        done = self.start(*arguments, **settings)
        self.assertEqual(done.returncode, status, done)
        self.assertIn(message, done.stderr.decode())
        self.assertNotIn("Sanitizer", done.stderr.decode())
        return done.stdout.decode()

    def test_options(self):
        good = trace("coap_pdus")
        for message, *arguments in (
                ("which trace?",), ("unrecognized option", "--nonsense", good), ("requires an argument", good, "-m"),
                ("the geometry is 16/8", "-g", "8/8", good), ("the strategy is", "-s", "shrink", good),
                ("no setting 'size', only strategy, maximum,", "-P", "grow,size=4", good),
                ("not a number of bytes", "-m", "-5", good),
                ("not a number of bytes", "-m", "5X", good), ("not a number of bytes", "-q", "99999999999999G", good),
                ("fit 32 bits", "-p", "4G", good), ("a power of two", "--store-granule", "100", good),
                ("the format is", "-f", "xml", good), ("--jobs takes a number", "-j", "0", good),
                ("--samples takes a number", "--samples", "x", good), ("one replay", "-e", "-", good, good),
                ("one replay", "-e", "-", "-g", "all", good)):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.expect(2, message, *arguments), "")

    def test_bad_traces_are_named_and_others_replayed(self):
        with open(trace("lua_json"), "rb") as file:
            content = file.read()
        for name, bad in (("cut", content[:5000]), ("header", content[:31]), ("long", content + b"x"), ("empty", b""),
                          ("other", b"#!/bin/sh\n" * 10)):
            with self.subTest(name):
                self.write(name, bad)
                output = self.expect(1, f"ebb-replay: {name}: ", "--no-search", "--no-time", name, trace("coap_pdus"))
                self.assertEqual(len(output.splitlines()), 2)
        self.expect(1, "cut: cut, or longer than the header says; 'ebb-trace --repair'", "cut")
        self.expect(1, "No such file or directory", "nowhere.mtr")
        self.expect(1, "Is a directory", ".")

    def test_an_output_that_cannot_be_written_is_said_to_be_before_anything_is_replayed(self):
        for path, why in (("/nowhere/out", "No such file or directory"), ("/", "Is a directory")):
            for option in ("-o", "-t", "-e"):
                tool = subprocess.Popen([TOOL, option, path, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertEqual(tool.wait(timeout=60), 1)  # although the trace may still come
                self.assertEqual(tool.communicate()[1].decode(), f"ebb-replay: {path}: {why}\n")

    def test_an_output_that_cannot_be_made_after_all(self):
        """It is not there, and could be made in its folder, but is a link to where nothing can be made."""
        os.symlink("/nowhere/out", os.path.join(self.folder.name, "out"))
        for option in ("-o", "-t", "-e"):
            self.expect(1, "ebb-replay: out: No such file or directory\n", "--no-time", "--no-search", option, "out",
                        trace("coap_pdus"))

    def test_a_trace_is_not_written_over(self):
        """As where the name of an output is forgotten, and the first trace stands in its place."""
        with open(trace("coap_pdus"), "rb") as file:
            content = file.read()
        path = self.write("a.mtr", content)
        os.link(path, os.path.join(self.folder.name, "link"))
        for option in ("-o", "-t", "-e"):
            for output, read in (("a.mtr", "./a.mtr"), ("link", "a.mtr"), ("a.mtr", "-")):
                with self.subTest(option=option, output=output, read=read), open(path, "rb") as stdin:
                    traces = [read] if option == "-e" else [trace("lua_json"), read]
                    said = f"{output}: is a trace to be replayed, and would be lost"
                    self.assertEqual(self.expect(2, said, "--no-time", option, output, *traces, stdin=stdin), "")
                with open(path, "rb") as file:
                    self.assertEqual(file.read(), content)

    def test_a_hostile_header_takes_no_memory(self):
        for message, operations, slots in (("slot out of range", 1, 1 << 28),
                                           ("the stream ends within", 1 << 28, 1 << 28)):
            with self.subTest(message):
                content = header(operations, slots, 0xffffffff, 0, 2, 0xffffffff, 1) + b"\x00\x01"
                path = self.write("hostile.mtr", content)
                self.expect(1, message, path)
                tool = subprocess.Popen([TOOL, path], stderr=subprocess.DEVNULL)
                _, status, used = os.wait4(tool.pid, 0)
                tool.returncode = os.waitstatus_to_exitcode(status)
                self.assertLess(used.ru_maxrss, 200 << 10)  # KiB; a table for so many slots has five times that

    def test_heaps_that_cannot_be(self):
        for message, policy, path in (("no heap can be created", "grow,maximum=20", trace("coap_pdus")),
                                      ("does not fit the largest heap", "fixed", self.write_block(1 << 20))):
            arguments = ("--no-time", "-g", "16/8", "-P", policy, path)
            self.assertIn(message, self.expect(1, message, *arguments))
            case, = json.loads(self.start("-f", "json", *arguments).stdout)["cases"]
            self.assertIn(message, case["error"])

    def test_addresses_that_are_not_there(self):
        most = 1 << 28
        limited = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most))}
        if self.start("--version", **limited).returncode != 0:
            self.skipTest("with the sanitizers, nothing runs in so few")
        message = self.start("-j", "1", self.write_block(most), **limited).stderr.decode()
        size = re.search(r"cannot reserve (\d+) bytes for a heap: Cannot allocate memory", message).group(1)
        self.assertGreater(int(size), most)


if __name__ == "__main__":
    TOOL, TRACES = map(os.path.abspath, sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
