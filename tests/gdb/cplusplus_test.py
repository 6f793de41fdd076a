#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Finds the heaps of a program in C++ by its variables, in namespaces and classes too."""

import argparse
import re
import sys
import unittest

from session import Session

ARGUMENTS = argparse.Namespace()
NAMES = {"(anonymous namespace)::hidden_heap", "plain_heap", "app::arena", "app::Device::pool"}


class Variables(unittest.TestCase):
    """All are found, and nothing else."""

    def test_all_are_found(self):
        session = Session(ARGUMENTS.gdb, ARGUMENTS.extension, [ARGUMENTS.program], ["catch syscall exit_group", "run"],
                          ["ebb heaps"])
        found = re.findall(r"^heap 0x\w+ \(cplusplus.cpp: (.*)\): .* 0 blocks in use", session.said["ebb heaps"],
                           re.MULTILINE)
        self.assertEqual(sorted(found), sorted(NAMES), session.all)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gdb", required=True)
    parser.add_argument("--extension", required=True, help="ebb-gdb.py")
    parser.add_argument("program")
    parser.parse_args(namespace=ARGUMENTS)
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
