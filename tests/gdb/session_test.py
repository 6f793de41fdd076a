#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Does the session of docs/debugging.md still look as shown? --write renews session.output, which the page shows.

Addresses may be others, as compilers and C libraries are.
"""

import argparse
import difflib
import re
import shlex
import sys
from pathlib import Path

from session import Session, on_board

FILE = Path(__file__).resolve().parent / "session.output"
COMMANDS = ("ebb heaps", "ebb check", "ebb stats", "ebb map", "ebb blocks --free --limit 4",
            "ebb whereis *(char **)&ebb_tock_app_heap + 700")
HEADER = "# A session on an emulated board, by session_test.py: gdb-multiarch gdb_program_tock.elf"


def without_addresses(lines):
    return [re.sub(r"0x[0-9a-f]+", "0x", line) for line in lines]


def hold_session(arguments):
    preparation = on_board(arguments.boards, arguments.machine, arguments.program, "/dev/null")
    session = Session(arguments.gdb, arguments.extension, [arguments.program], preparation, list(COMMANDS))
    lines = [HEADER]
    for command in COMMANDS:
        lines += ["(gdb) " + command, *session.said[command].rstrip().splitlines()]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gdb", required=True)
    parser.add_argument("--extension", required=True, help="ebb-gdb.py")
    parser.add_argument("--boards", required=True, help="the folder of run.py")
    parser.add_argument("--machine", required=True)
    parser.add_argument("--write", action="store_true", help="renew session.output")
    parser.add_argument("program")
    arguments = parser.parse_args()
    lines = hold_session(arguments)
    if arguments.write:
        FILE.write_text("\n".join(lines) + "\n", encoding="ascii")
        return 0
    shown = FILE.read_text(encoding="ascii").splitlines()
    difference = list(difflib.unified_diff(without_addresses(shown), without_addresses(lines), str(FILE), "session",
                                           lineterm=""))
    if difference:
        difference += ["", "If that is how it should look now, this shows it so in docs/debugging.md:",
                       shlex.join([sys.executable, "-B", *sys.argv, "--write"]) + " && cmake/run format"]
    print("\n".join(difference or ["The session is as shown."]))
    return int(bool(difference))


if __name__ == "__main__":
    sys.exit(main())
