# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs GDB in batch mode, and takes apart what it printed."""

import argparse
import re
import subprocess
import sys
import unittest

MARK = "=====>"


class Session:
    """One run of GDB: `said` has what each command printed, by the command."""

    def __init__(self, gdb, extension, arguments, preparation, commands, timeout=100):
        line = [gdb, "-nx", "-q", "-batch", "-ex", "set confirm off", "-ex", "set pagination off",
                "-ex", "set debuginfod enabled off", "-ex", f"source {extension}"]
        for command in preparation:
            line += ["-ex", command]
        for command in commands:
            line += ["-ex", f"echo \\n{MARK}\\n", "-ex", command]
        # What GDB says at the end belongs to no command.
        line += ["-ex", f"echo \\n{MARK}\\n"]
        done = subprocess.run(line + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=timeout, check=False)
        self.status = done.returncode
        self.all = done.stdout.decode("utf-8", "replace")
        parts = self.all.split(f"\n{MARK}\n")
        self.said = dict(zip(commands, parts[1:]))


class Shown:
    """What a program said of its own heap."""

    def __init__(self, text):
        self.address = int(re.search(r"^heap (\w+)", text, re.MULTILINE).group(1), 16)
        self.blocks = [
            (int(address, 16), int(size), kind)
            for address, size, kind in re.findall(r"^block (\w+) (\d+) (\w+)", text, re.MULTILINE)
        ]
        self.figures = {
            name: values.split() for name, values in re.findall(r"^([a-z-]+) ([\d ]+)\r?$", text, re.MULTILINE)
        }

    def figure(self, name):
        return int(self.figures[name][0])


def blocks_in(listing):
    """Address, size and kind of each block that `ebb blocks` listed."""
    found = re.findall(r"^  (0x\w+)  (\w+) +(\d+) bytes, (\d+) usable$", listing, re.MULTILINE)
    return [(int(address, 16), int(size), kind) for address, kind, size, _ in found]


def figures_in(listing):
    """What `ebb stats` listed, by the name of the line."""
    return dict(re.findall(r"^  ([a-z ]{16}) (.*)$", listing, re.MULTILINE))


def on_board(boards, machine, program, output):
    """Commands that run a board's program up to where its heap can be looked at; its console goes to a file. `boards`
    is the folder of run.py, which knows the emulators."""
    sys.path.insert(0, boards)
    from run import MACHINES  # pylint: disable=import-error,import-outside-toplevel
    emulator = " ".join(MACHINES[machine])
    connect = (f"target remote | exec {emulator} -display none -monitor none -serial file:{output} -S -gdb stdio "
               f"-kernel {program}")
    return [connect, "break stop_here", "continue"]


PROGRAM = {"program": {}}
STRIP = {"--strip": {"default": "strip"}}


def run_tests(description, arguments, needs):
    """Runs the tests of a file that needs a debugger, the extension and, by name, other arguments."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--gdb", required=True)
    parser.add_argument("--extension", required=True, help="ebb-gdb.py")
    for name, settings in needs.items():
        parser.add_argument(name, **settings)
    parser.parse_args(namespace=arguments)
    unittest.main(argv=sys.argv[:1])
