# SPDX-License-Identifier: Apache-2.0 OR MIT
"""record_test.py TRACE-TOOL PROGRAM STATIC: what ebb-trace records of the program allocates.c, and of others."""

import filecmp
import glob
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from mtr import ALIGNED, CALLOC, FREE, MALLOC, REALLOC, Operation, Trace

BEGIN, END, EARLY, OF_CHILD, BEFORE_EXEC, OF_KILLED, OF_PARENT, OF_CANCELLED = range(40001, 40009)
RESIZED = 120000
TOOL = PROGRAM = STATIC = None


class Recording(unittest.TestCase):
    """Each test has a folder of its own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="ebb-trace-")
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_tool(self, *arguments, **settings):
        return subprocess.run([TOOL, *arguments], cwd=self.folder.name, capture_output=True, timeout=120, check=False,
                              **settings)

    def record(self, mode, *options, status=7, arguments=(), **settings):
        """The trace of a mode of the program; the tool has to end with the program's status."""
        done = self.run_tool("-o", "a.mtr", *options, PROGRAM, mode, *arguments, **settings)
        self.assertEqual(done.returncode, status, done.stderr)
        self.messages = done.stderr.decode()
        return Trace.read(self.path("a.mtr"))

    def others(self):
        return [Trace.read(path) for path in sorted(glob.glob(self.path("a.*.mtr")))]


class WholePrograms(Recording):
    """What is in a trace."""

    def test_every_function_is_recorded(self):
        found = self.record("interface").between(BEGIN, END)
        page = resource.getpagesize()
        expected = [
            Operation(MALLOC, 0, 1, 0), Operation(CALLOC, 1, 110, 0), Operation(FREE, 1, 0, 0),
            Operation(MALLOC, 1, 100, 0), Operation(REALLOC, 1, 200, 0), Operation(MALLOC, 2, 17, 0),
            Operation(REALLOC, 1, 100000, 0), Operation(REALLOC, 1, 50, 0), Operation(FREE, 1, 0, 0),
            Operation(FREE, 2, 0, 0)]
        for size, alignment in ((300, 64), (301, 64), (320, 32), (302, page), (page, page)):
            expected += [Operation(ALIGNED, 1, size, alignment), Operation(FREE, 1, 0, 0)]
        expected += [Operation(MALLOC, 1, 304, 0), Operation(FREE, 1, 0, 0),
                     Operation(ALIGNED, 1, 352, 32), Operation(FREE, 1, 0, 0)]
        expected += [Operation(MALLOC, 1, 18, 0), Operation(FREE, 1, 0, 0), Operation(FREE, 0, 0, 0)]
        base = min(operation.slot for operation in found)
        self.assertEqual([operation._replace(slot=operation.slot - base) for operation in found], expected)

    def test_flags_say_what_the_program_is(self):
        self.assertEqual(self.record("interface").flags, 4 | (sys.maxsize > 2**32))

    def test_allocations_before_main_are_recorded(self):
        self.assertEqual(self.record("interface").sizes()[EARLY], 1)

    def test_threads_exchange_blocks(self):
        operations = self.record("threads").between(BEGIN, END)
        for thread in range(1, 7):
            allocated = [operation for operation in operations
                         if operation.kind == MALLOC and operation.size == 1000 * thread]
            resized = [operation for operation in operations
                       if operation.kind == REALLOC and operation.size == 1000 * thread + 1]
            self.assertEqual((len(allocated), len(resized)), (20000, 5000))
        ours = {operation.size for operation in operations if operation.size % 1000 < 2} - {0}
        self.assertEqual(len(ours), 12)
        freed = sum(operation.kind == FREE for operation in operations)
        self.assertGreaterEqual(freed, 6 * 20000)

    def test_a_block_where_another_was_takes_the_place_of_that_one(self):
        """Which was freed unseen, as in a library that was loaded with RTLD_DEEPBIND."""
        found = self.record("free-unseen").between(BEGIN, END)
        slot, other = found[0].slot, found[1].slot
        self.assertEqual(found, [Operation(MALLOC, slot, 1000, 0), Operation(MALLOC, other, 2000, 0),
                                 Operation(FREE, slot, 0, 0), Operation(MALLOC, slot, 1000, 0),
                                 Operation(FREE, other, 0, 0), Operation(FREE, slot, 0, 0)])

    def test_a_thread_that_is_to_be_cancelled_allocates_first(self):
        sizes = self.record("cancel").sizes()
        self.assertEqual((sizes[500], sizes[OF_CANCELLED], sizes[END]), (400000, 1, 1))

    def test_a_program_without_allocations_has_a_trace(self):
        done = self.run_tool("-o", "a.mtr", "true", env={**os.environ, "LC_ALL": "C"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(Trace.read(self.path("a.mtr")).count, 0)

    def test_output_and_input_are_the_programs(self):
        done = self.run_tool("cat", input=b"through\n")
        self.assertEqual((done.returncode, done.stdout), (0, b"through\n"))
        self.assertTrue(done.stderr.startswith(b"ebb-trace: "), done.stderr)
        Trace.read(self.path("cat.mtr"))

    def test_quiet_says_nothing(self):
        done = self.run_tool("-q", "cat", input=b"")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))


class Sites(Recording):
    """Who called."""

    def name(self, function):
        """As it is shown: with a line if the program has debug information and addr2line is there."""
        return rf"^{function} \((allocates\.c:\d+|{re.escape(os.path.basename(PROGRAM))})\)$"

    def expect(self, trace, size, *functions):
        """The first operation of that size."""
        callers = trace.callers(size)[0]
        self.assertEqual(len(callers), len(functions), callers)
        for caller, function in zip(callers, functions):
            self.assertRegex(caller, self.name(function))

    def test_nothing_is_said_of_them_unless_asked_for(self):
        trace = self.record("sites")
        self.assertEqual((trace.flags & 8, trace.names, set(trace.sites)), (0, {}, {None}))

    def test_callers_are_named(self):
        trace = self.record("sites", "--sites")
        for size, function in ((1000, "obtain"), (2000, "obtain"), (3000, "obtain_by_resizing"),
                               (4000, "obtain_by_resizing"), (5000, "obtain_by_array"), (6000, "obtain_page")):
            self.expect(trace, size, function)
        freed = {site for operation, site in zip(trace.operations, trace.sites) if operation.kind == FREE}
        self.assertEqual((trace.flags & 8, freed), (8, {None}))

    def test_a_caller_is_one_site(self):
        trace = self.record("sites", "-s")
        site = dict(zip([operation.size for operation in trace.operations], trace.sites))
        self.assertEqual(site[1000], site[2000])
        self.assertEqual(len(set(map(tuple, trace.names.values()))), len(trace.names))

    def test_outer_callers_make_sites_of_their_own(self):
        trace = self.record("sites", "--sites=3")
        self.expect(trace, 1000, "obtain", "obtain_for_inner", "obtain_for_outer")
        self.assertRegex(trace.callers(2000)[0][0], self.name("obtain"))
        self.assertNotEqual(trace.callers(2000)[0], trace.callers(1000)[0])

    def test_the_operations_are_the_same(self):
        self.assertEqual(self.record("sites").between(BEGIN, END), self.record("sites", "-s8").between(BEGIN, END))

    def test_what_cannot_be_named_has_a_place(self):
        stripped = self.path("stripped")
        subprocess.run(["strip", "-o", stripped, PROGRAM], check=True)
        self.run_tool("-o", "a.mtr", "--sites", stripped, "sites")
        self.assertRegex(Trace.read(self.path("a.mtr")).callers(1000)[0][0], r"^stripped\+0x[0-9a-f]+$")

    def test_without_addr2line_there_are_symbols(self):
        trace = self.record("sites", "--sites", env={**os.environ, "PATH": self.folder.name})
        self.assertEqual(trace.callers(1000)[0], [f"obtain ({os.path.basename(PROGRAM)})"])

    def test_names_of_cpp_are_for_people(self):
        """CMake is a C++ program, and there where this is built; operator new is in a library without lines."""
        trace_of = self.run_tool("-o", "a.mtr", "-s2", "cmake", "--version")
        self.assertEqual(trace_of.returncode, 0, trace_of.stderr)
        names = [name for given in Trace.read(self.path("a.mtr")).names.values() for name in given[-1].split("\n")]
        self.assertTrue(any(name.startswith("operator new(unsigned ") for name in names), names)
        self.assertFalse([name for name in names if name.startswith("_Z")])

    def test_children_name_them_in_their_own_traces(self):
        parent = self.record("sites-in-child", "-f", "-s2")
        child, = self.others()
        self.expect(parent, 1000, "obtain", "obtain_for_inner")
        self.expect(child, OF_CHILD, "obtain", "obtain_for_inner")

    def test_threads(self):
        self.expect(self.record("threads", "-s"), 2000, "exchange")

    def test_killed_programs(self):
        trace = self.record("killed", "-s", status=128 + 9)
        self.expect(trace, OF_KILLED, "be_killed")

    def test_a_cut_trace_keeps_what_the_recorder_said(self):
        self.record("sites", "-s")
        with open(self.path("a.mtr"), "rb") as file:
            content = file.read()
        named = content.index(os.path.abspath(PROGRAM).encode())
        self.assertEqual(self.run_tool("--repair", "-o", "whole.mtr", "a.mtr").returncode, 0)
        with open(self.path("whole.mtr"), "rb") as file:
            self.assertEqual(file.read(), content)
        for length in range(named, named + 300, 7):
            with open(self.path("cut.mtr"), "wb") as file:
                file.write(content[:length])
            self.assertEqual(self.run_tool("--repair", "cut.mtr").returncode, 0)
            Trace.read(self.path("cut.mtr"))

    def test_a_number_that_is_none(self):
        for number in ("0", "9", "x", "1x", ""):
            done = self.run_tool(f"--sites={number}", "true")
            self.assertEqual((done.returncode, os.listdir(self.folder.name)), (125, []))
            self.assertIn("--sites takes a number from 1 to 8", done.stderr.decode())


class Processes(Recording):
    """Children and other programs."""

    def test_children_are_left_alone(self):
        for mode in ("fork", "clone"):
            with self.subTest(mode):
                trace = self.record(mode)
                self.assertEqual(trace.between(BEGIN, END), [Operation(FREE, trace.operations[-3].slot, 0, 0)])
                self.assertEqual(trace.sizes()[OF_CHILD], 0)
                self.assertEqual(self.others(), [])

    def test_children_are_followed(self):
        for mode in ("fork", "clone"):
            with self.subTest(mode):
                trace = self.record(mode, "-f")
                self.assertEqual(trace.sizes()[OF_CHILD], 0)
                child, = self.others()
                self.assertEqual(child.sizes()[OF_CHILD], 1000)
                inherited = [operation.size for operation in child.operations].index(OF_CHILD)
                self.assertIn(60000, [operation.size for operation in child.operations[:inherited]])
                self.assertEqual(child.operations[-1].kind, FREE)
                for path in glob.glob(self.path("a.*.mtr")):
                    os.unlink(path)

    def test_children_are_followed_whatever_the_file_is_called(self):
        for name in ("[1]", "a*?", "back\\slash"):
            with self.subTest(name):
                os.mkdir(self.path(name))
                done = self.run_tool("-f", "-o", f"{name}/{name}.mtr", PROGRAM, "fork")
                self.assertEqual(done.returncode, 7, done.stderr)
                child, = [entry for entry in os.listdir(self.path(name)) if entry != f"{name}.mtr"]
                self.assertEqual(Trace.read(self.path(f"{name}/{child}")).sizes()[OF_CHILD], 1000)

    def test_fork_while_threads_allocate(self):
        self.record("fork-among-threads", "-f")
        children = self.others()
        self.assertEqual([child.sizes()[OF_CHILD] for child in children], 20 * [1000])

    def test_fork_while_streams_are_in_use(self):
        self.record("fork-among-streams")

    def test_fork_in_a_handler_that_interrupts_the_recorder(self):
        for option in ("-q", "-f"):
            with self.subTest(option):
                found = self.record("fork-in-handler", option).between(BEGIN, END)
                pair = [Operation(MALLOC, found[0].slot, OF_PARENT, 0), Operation(FREE, found[0].slot, 0, 0)]
                self.assertEqual(found, len(found) // 2 * pair)
        self.assertEqual([child.sizes()[OF_CHILD] for child in self.others()], 20 * [1000])

    def test_fork_in_a_handler_that_interrupts_a_resizing(self):
        self.record("fork-in-realloc", "-f")
        children = self.others()
        self.assertEqual([child.sizes()[OF_CHILD] for child in children], 20 * [1000])
        resized = set()
        for child in children:
            sizes = {}
            for operation in child.operations:
                if operation.kind == REALLOC:
                    resized.add((sizes[operation.slot], operation.size))
                sizes[operation.slot] = operation.size
        self.assertEqual(resized, {(OF_PARENT, RESIZED)})

    def test_the_last_program_counts(self):
        trace = self.record("exec")
        self.assertEqual((trace.sizes()[BEFORE_EXEC], trace.sizes()[BEGIN]), (0, 1))
        self.assertEqual(self.others(), [])

    def test_every_program_of_a_process_is_followed(self):
        first = self.record("exec", "--follow")
        self.assertEqual((first.sizes()[BEFORE_EXEC], first.sizes()[BEGIN]), (1, 0))
        second, = self.others()
        self.assertEqual((second.sizes()[BEFORE_EXEC], second.sizes()[BEGIN]), (0, 1))

    def test_killed_programs_leave_all_they_did(self):
        for mode, status in (("killed", 128 + 9), ("crash", 128 + 11)):
            with self.subTest(mode):
                self.assertEqual(self.record(mode, status=status).sizes()[OF_KILLED], 3000)

    def test_who_ignores_the_ends_of_children_learns_the_status_all_the_same(self):
        def ignore():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        for mode, status in (("interface", 7), ("killed", 128 + 9)):
            with self.subTest(mode):
                self.record(mode, status=status, preexec_fn=ignore)
        grep = ["grep", "^SigIgn", "/proc/self/status"]
        ignored = subprocess.run(grep, capture_output=True, check=True, preexec_fn=ignore).stdout
        self.assertEqual(self.run_tool(*grep, preexec_fn=ignore).stdout, ignored)

    def test_waiting_for_what_the_program_has_left_behind_can_be_ended(self):
        """And a signal does not go to whoever has the number of the program now."""
        script = "sleep 600 >&2 & echo $!"
        recording = subprocess.Popen([TOOL, "-q", "-f", "-o", "a.mtr", "sh", "-c", script], cwd=self.folder.name,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        left_behind = int(recording.stdout.readline())
        self.addCleanup(os.kill, left_behind, signal.SIGKILL)
        recording.stdout.close()
        for _ in range(600):  # until the program is known to have ended, it is meant for that
            recording.terminate()
            try:
                recording.wait(timeout=0.1)
                break
            except subprocess.TimeoutExpired:
                pass
        self.assertEqual(recording.poll(), -signal.SIGTERM)

    def test_descriptors_are_the_programs(self):
        trace = self.record("close-all", arguments=["own"])
        with open(self.path("own"), "rb") as own:
            self.assertEqual(own.read(), b"minetoo")
        self.assertEqual((trace.sizes()[500], trace.sizes()[END]), (400000, 1))

    def test_a_standard_error_that_is_closed_is_not_the_trace(self):
        expected = self.record("interface").operations
        self.assertEqual(self.record("interface", preexec_fn=lambda: os.close(2)).operations, expected)
        descriptors = ["-q", "ls", "/proc/self/fd"]  # the last of them is what it reads
        self.assertEqual(self.run_tool(*descriptors, preexec_fn=lambda: os.close(2)).stdout, b"0\n1\n2\n")

    def test_a_limit_on_files_ends_the_recording_only(self):
        limit = 3 << 19
        trace = self.record("close-all", arguments=["own"],
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertIn("recording ends here: cannot extend the trace", self.messages)
        self.assertGreater(trace.sizes()[500], 100000)

    def test_what_no_trace_can_have_ends_the_recording_only(self):
        trace = self.record("too-much")
        self.assertIn("recording ends here: a block of 4 GiB or more", self.messages)
        self.assertEqual((trace.sizes()[BEGIN], trace.sizes()[END]), (1, 0))


class Mistakes(Recording):
    """What the tool says if it cannot do what it is told."""

    def expect(self, status, message, *arguments):
        done = self.run_tool(*arguments)
        self.assertEqual(done.returncode, status, done)
        self.assertIn(message, done.stderr.decode())
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_misuse(self):
        self.expect(125, "which program?")
        self.expect(125, "unrecognized option", "--nonsense", "true")
        self.expect(125, "which trace?", "--repair")
        self.expect(127, "no-such-program: No such file or directory", "no-such-program")
        self.expect(126, "Permission denied", "/")
        self.expect(125, "/nowhere/a.mtr: No such file or directory", "-o", "/nowhere/a.mtr", "true")

    def test_a_trace_that_is_being_recorded_belongs_to_its_program(self):
        recording = subprocess.Popen([TOOL, "-q", "-o", "a.mtr", "cat"], cwd=self.folder.name, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE)
        recording.stdin.write(b"it runs\n")
        recording.stdin.flush()
        self.assertEqual(recording.stdout.readline(), b"it runs\n")
        for status, arguments in ((125, ["-o", "a.mtr", "true"]), (1, ["--repair", "a.mtr"])):
            done = self.run_tool(*arguments)
            self.assertEqual(done.returncode, status)
            self.assertIn("a.mtr: is being recorded by another ebb-trace", done.stderr.decode())
        self.assertEqual(self.run_tool("--repair", "-o", "copy.mtr", "a.mtr").returncode, 0)
        recording.communicate()
        self.assertEqual(recording.returncode, 0)
        whole, copy = Trace.read(self.path("a.mtr")), Trace.read(self.path("copy.mtr"))
        self.assertEqual(copy.operations, whole.operations[:copy.count])
        self.assertEqual(self.run_tool("--repair", "a.mtr").returncode, 0)

    def test_what_no_trace_can_be_in_is_left_alone(self):
        """With the rights to do so, a device would be deleted."""
        os.symlink("/dev/null", self.path("device"))
        os.mkfifo(self.path("pipe"))
        for name in ("device", "pipe"):
            done = self.run_tool("-o", name, "true")
            self.assertEqual(done.returncode, 125)
            self.assertIn(f"{self.path(name)}: not a regular file", done.stderr.decode())
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["device", "pipe"])

    def test_a_file_that_is_no_trace_is_left_alone(self):
        """As the program itself, where --output has no name of its own."""
        program = self.path("program")
        shutil.copy(PROGRAM, program)
        for arguments in (["true"], ["./program", "interface"], ["no-such-program"]):
            done = self.run_tool("-o", "program", *arguments)
            self.assertEqual(done.returncode, 125)
            self.assertIn(f"{program}: exists, and is no trace", done.stderr.decode())
            self.assertTrue(filecmp.cmp(PROGRAM, program, shallow=False))
        for content in (b"", b"MTR1" + bytes(100)):
            with open(self.path("a.mtr"), "wb") as file:
                file.write(content)
            self.record("interface")

    def test_a_name_that_is_too_long_is_not_cut(self):
        """Without its ending, it would be the program's own."""
        program = self.path("x" * 255)
        shutil.copy(PROGRAM, program)
        done = self.run_tool("./" + "x" * 255, "interface")
        self.assertEqual(done.returncode, 125)
        self.assertIn(f"{program}.mtr: File name too long", done.stderr.decode())
        self.assertTrue(filecmp.cmp(PROGRAM, program, shallow=False))

    def test_a_folder_that_is_gone(self):
        script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" true'
        done = subprocess.run(["sh", "-c", script, TOOL], cwd=self.folder.name, capture_output=True, check=False)
        self.assertEqual(done.returncode, 125)
        self.assertIn(b"cannot tell the current folder", done.stderr)

    def test_help_and_version(self):
        done = self.run_tool("--help")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertTrue(done.stdout.startswith(b"Usage: ebb-trace "))
        self.assertRegex(self.run_tool("--version").stdout.decode(), r"^ebb-trace \(ebb\) \d+\.\d+\.\d+\n$")

    def test_help_and_version_on_a_full_disk(self):
        for option in ("--help", "--version"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([TOOL, option], stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
            self.assertEqual((done.returncode, done.stderr),
                             (125, b"ebb-trace: standard output: No space left on device\n"))

    def test_programs_that_are_linked_statically(self):
        self.expect(125, "nothing was recorded", STATIC, "interface")


class Repair(Recording):
    """Traces that are not whole."""

    def setUp(self):
        super().setUp()
        self.whole = self.record("interface", "-q")
        with open(self.path("a.mtr"), "rb") as file:
            self.content = file.read()

    def repair(self, content, status=0):
        with open(self.path("b.mtr"), "wb") as file:
            file.write(content)
        done = self.run_tool("--repair", "b.mtr")
        self.assertEqual(done.returncode, status, done)
        return done.stderr.decode()

    def test_whole_traces_stay_as_they_are(self):
        self.repair(self.content)
        with open(self.path("b.mtr"), "rb") as file:
            self.assertEqual(file.read(), self.content)

    def test_every_cut_keeps_the_whole_operations(self):
        end = len(self.content)
        before = 0
        for length in [32, 33, *range(end - 60, end)]:
            self.repair(self.content[:length])
            kept = Trace.read(self.path("b.mtr"))
            self.assertEqual(kept.operations, self.whole.operations[:kept.count])
            self.assertIn(kept.count, (before, before + 1) if length > end - 60 else range(self.whole.count))
            before = kept.count
        self.assertEqual(before, self.whole.count - 1)

    def test_what_follows_is_dropped_and_said_to_be(self):
        self.assertIn("dropped 3 bytes behind the last whole operation", self.repair(self.content + b"\xff\xff\xff"))
        self.assertEqual(Trace.read(self.path("b.mtr")).operations, self.whole.operations)

    def test_an_operation_that_cannot_be_is_dropped_with_all_behind_it(self):
        header, allocation = b"MTR1" + bytes(28), b"\x00\x05"
        for why, impossible in (
                ("slot out of range", b"\x10\x05"),
                ("allocates into a slot in use", b"\x00\x05"),
                ("frees or resizes an empty slot", b"\x09"),
                ("ends where 4 GiB were live", b"\x08\xff\xff\xff\xff\x0f")):
            with self.subTest(why):
                self.assertIn(why, self.repair(header + allocation + impossible + b"\x08\x05"))
                self.assertEqual(Trace.read(self.path("b.mtr")).operations, [Operation(MALLOC, 0, 5, 0)])

    def test_others_are_refused(self):
        self.assertIn("no trace", self.repair(b"X" + self.content[1:], status=1))
        self.assertIn("too short", self.repair(self.content[:31], status=1))
        self.assertIn("too short", self.repair(b"", status=1))

    def test_copies(self):
        with open(self.path("b.mtr"), "wb") as file:
            file.write(self.content[:-1])
        self.assertEqual(self.run_tool("--repair", "-o", "c.mtr", "b.mtr").returncode, 0)
        self.assertLess(Trace.read(self.path("c.mtr")).count, self.whole.count)
        self.assertEqual(os.path.getsize(self.path("b.mtr")), len(self.content) - 1)
        done = self.run_tool("--repair", "-o", "c.mtr", "b.mtr")
        self.assertEqual(done.returncode, 1)
        self.assertIn("c.mtr: File exists", done.stderr.decode())

    def test_a_part_of_a_copy_is_not_left(self):
        """It would be in the way of the next try, or be taken for a whole one."""
        # The limit is an error, and no signal, to those who ignore that: as Python does, and the tool then.
        done = self.run_tool("--repair", "-o", "c.mtr", "a.mtr", restore_signals=False,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
        self.assertEqual(done.returncode, 1)
        self.assertIn("c.mtr: File too large", done.stderr.decode())
        self.assertFalse(os.path.exists(self.path("c.mtr")))


if __name__ == "__main__":
    TOOL, PROGRAM, STATIC = map(os.path.abspath, sys.argv[1:4])
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
