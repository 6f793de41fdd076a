# SPDX-License-Identifier: Apache-2.0 OR MIT
"""ebb-view as a command: what it writes where, and what it says if it cannot."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import few_events

PROGRAM = os.environ["EBB_VIEW"]
TRACE = os.path.join(os.environ["EBB_TRACES"], "cjson_cfg.mtr")
SVG = "{http://www.w3.org/2000/svg}"


def run(*arguments, **more):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, **more)


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.events = few_events.write(self.folder / "few.events", [few_events.HEAD, *few_events.EVENTS])

    def succeed(self, *arguments, **more):
        done = run(*arguments, **more)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def fail_with(self, status, pattern, *arguments, **more):
        done = run(*arguments, **more)
        self.assertEqual(done.returncode, status)
        self.assertRegex(done.stderr, pattern)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_help_and_version(self):
        self.assertTrue(self.succeed("--help").startswith("Usage: ebb-view "))
        self.assertRegex(self.succeed("--version"), r"^ebb-view \(ebb\) \d+\.\d+\.\d+\n$")

    def test_the_page_lies_beside_the_input(self):
        self.assertEqual(self.succeed(self.events), "")
        page = (self.folder / "few.html").read_text(encoding="utf-8")
        self.assertIn("<title>few</title>", page)

    def test_the_page_needs_nothing_beside_itself(self):
        self.succeed(self.events)
        page = (self.folder / "few.html").read_text(encoding="utf-8")
        self.assertEqual(re.findall(r"https?://\S+|\b(?:src|href)=\S+|@import\b|@[a-z]+@", page), [])

    def test_an_output_of_ones_own(self):
        self.succeed(self.events, "-o", self.folder / "page.html")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["few.events", "page.html"])

    def test_pipes(self):
        page = self.succeed("-", "-o", "-", input=Path(self.events).read_text(encoding="utf-8"))
        self.assertTrue(page.startswith("<!DOCTYPE html>"))

    def test_the_same_input_makes_the_same_page(self):
        self.assertEqual(self.succeed(self.events, "-o", "-"), self.succeed(self.events, "-o", "-"))

    def test_a_title_is_no_markup(self):
        page = self.succeed(self.events, "-o", "-", "--title", "<i>&")
        self.assertIn("<h1>&lt;i&gt;&amp;</h1>", page)
        self.assertNotIn("<i>&", page)

    def test_a_site_ends_no_script(self):
        few_events.write(self.events, [few_events.HEAD, [*few_events.EVENTS[1][:10], "</script><i>"]])
        self.assertNotIn("</script><i>", self.succeed(self.events, "-o", "-"))

    def test_a_trace_is_replayed(self):
        self.succeed(TRACE, "-o", self.folder / "trace.html", "--title", "T")
        self.assertIn('"trace":"cjson_cfg"', (self.folder / "trace.html").read_text(encoding="utf-8"))

    def test_a_trace_may_be_called_like_an_option(self):
        shutil.copy(TRACE, self.folder / "-x.mtr")
        self.assertIn('"trace":"-x"', self.succeed("-o", "-", "--", "-x.mtr", cwd=self.folder))

    def test_options_reach_the_replay(self):
        for option in (["--replay-option=--maximum=48K"], ["-r", "--maximum=48K"]):
            self.assertIn('"maximum":49152', self.succeed(TRACE, "-o", "-", *option))

    def test_a_figure_of_few_blocks_and_one_of_many(self):
        few = self.figure(self.events)
        self.assertEqual(len([each for each in few.iter(f"{SVG}rect") if re.match(r"s\d", each.get("class"))]), 5 + 8)
        self.assertEqual(len(list(few.iter(f"{SVG}image"))), 0)
        many = self.figure(TRACE)
        self.assertEqual(len(list(many.iter(f"{SVG}image"))), 1)
        self.assertLess((self.folder / "figure.svg").stat().st_size, 200_000)

    def figure(self, source):
        """The figure alone: no page."""
        before = sorted(self.folder.iterdir())
        self.succeed(source, "--svg", self.folder / "figure.svg")
        self.assertEqual(sorted({*before, self.folder / "figure.svg"}), sorted(self.folder.iterdir()))
        return xml.etree.ElementTree.parse(self.folder / "figure.svg")

    def test_wrong_usage(self):
        self.fail_with(2, "^ebb-view: the following arguments are required: INPUT\nTry 'ebb-view --help'.\n$")
        self.fail_with(2, "--nonsense", self.events, "--nonsense")
        self.fail_with(2, "no name", "-")

    def test_what_cannot_be_read(self):
        self.fail_with(1, r"^ebb-view: /nonsense: No such file", "/nonsense")
        self.fail_with(1, "Is a directory", self.folder)

    def test_what_is_no_text(self):
        wrong = self.folder / "wrong.events"
        wrong.write_bytes(b"\xff\n")
        self.fail_with(1, "line 1: not JSON, and no trace either: ", wrong)
        for strict in ({}, {"PYTHONIOENCODING": "utf-8:strict"}):
            with open(wrong, "rb") as file:
                self.fail_with(1, "^ebb-view: -: line 1: not JSON", "-", "-o", "-", stdin=file,
                               env={**os.environ, **strict})

    def test_an_input_that_is_closed(self):
        self.fail_with(1, "^ebb-view: -: Bad file descriptor\n$", "-", "-o", "-", preexec_fn=lambda: os.close(0))

    def test_json_that_is_too_deep(self):
        few_events.write(self.events, [few_events.HEAD])
        with open(self.events, "a", encoding="utf-8") as file:
            file.write("[" * 100_000)
        self.fail_with(1, r"few\.events: line 2: not JSON", self.events)

    def test_characters_that_are_none(self):
        """Half a pair, as JSON can have it; and a byte of the command line that is no UTF-8."""
        few_events.write(self.events, [few_events.HEAD, [*few_events.EVENTS[1][:10], "half\ud800"]])
        title = b"title\xff".decode("utf-8", "surrogateescape")
        page = self.succeed(self.events, "-o", "-", "--title", title)
        self.assertIn("<title>title?</title>", page)
        self.assertIn('"half?"', page)
        self.succeed(self.events, "-o", self.folder / "page.html", "-s", self.folder / "figure.svg", "--title", title)
        self.assertEqual((self.folder / "page.html").read_text(encoding="utf-8"), page)

    def test_what_cannot_be_written(self):
        page = self.folder / "no" / "page.html"
        self.fail_with(1, f"^ebb-view: {page}: No such file or directory\n$", self.events, "-o", page)
        self.fail_with(1, "^ebb-view: /dev/full: No space left", self.events, "-o", "/dev/full")

    def test_a_full_disk(self):
        """Python adds nothing of its own at the end."""
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        for arguments in (("--help",), ("--version",), (self.events, "-o", "-")):
            with self.subTest(arguments=arguments), open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True,
                                      env=buffered, check=False)
                said = "ebb-view: standard output: No space left on device\n"
                self.assertEqual((done.returncode, done.stderr), (1, said))

    def test_the_input_is_not_written_over(self):
        events = Path(self.events).read_bytes()
        page = self.folder / "few.html"
        page.write_bytes(events)
        for path, *options in ((self.events, "-o", self.folder / "." / "few.events"), (self.events, "-s", self.events),
                               (page,)):
            with self.subTest(options=options):
                said = f"^ebb-view: {path}: is what the page is made of, and would be lost\n$"
                self.fail_with(1, said, path, *options)
                self.assertEqual(Path(path).read_bytes(), events)

    def test_a_closed_output(self):
        done = subprocess.run(["sh", "-c", 'exec "$0" "$1" -o - >&-', PROGRAM, self.events], capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, "ebb-view: standard output: Bad file descriptor\n"))

    def test_a_closed_error_output(self):
        command = [sys.executable, "-B", PROGRAM, self.events, "-o", "-"]
        done = subprocess.run(command, stdout=subprocess.PIPE, preexec_fn=lambda: os.close(2), text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, self.succeed(self.events, "-o", "-")))

    def test_wrong_events_change_nothing(self):
        page = self.folder / "few.html"
        page.write_text("as it was", encoding="utf-8")
        with open(self.events, "a", encoding="utf-8") as file:
            file.write("[10,\n")
        self.fail_with(1, r"few\.events: line 15: not JSON", self.events)
        self.assertEqual(page.read_text(encoding="utf-8"), "as it was")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["few.events", "few.html"])

    def test_a_wrong_trace(self):
        (self.folder / "wrong.mtr").write_bytes(b"MTR1 and then nonsense")
        self.fail_with(1, r"ebb-replay ended with status", self.folder / "wrong.mtr")

    def test_no_replay(self):
        self.fail_with(1, "/nonsense: No such file", TRACE, "--replay", "/nonsense")


if __name__ == "__main__":
    unittest.main()
