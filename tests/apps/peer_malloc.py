#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Builds the malloc of newlib or newlib-nano, as the benchmark has it, as a static library for a target."""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

# pylint: disable=wrong-import-position
import subjects
from toolchain import TARGETS, BenchError, run


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", required=True, choices=sorted(TARGETS))
    parser.add_argument("--subject", required=True, choices=["newlib", "newlib-nano"])
    parser.add_argument("output", type=Path, help="the library to write")
    return parser.parse_args()


def build(arguments, folder):
    subjects.prepare(arguments.output.parent)
    subject = next(subject for subject in subjects.SUBJECTS if subject.name == arguments.subject)
    if not subject.available(arguments.target):
        raise BenchError("newlib's sources are not installed (package newlib-source)")
    if arguments.subject == "newlib-nano":
        subject.extra_flags = ["-include", Path(__file__).resolve().parent / "app" / "nano_realloc.h"]
    # What these two know, newlib's errno, is in app/newlib.c and app/system.c.
    objects = [path for path in subject.objects(arguments.target, "-Os", folder)
               if path.name not in ("newlib_reent.o", "newlib_sbrkr.o")]
    arguments.output.unlink(missing_ok=True)
    run([TARGETS[arguments.target][0] + "ar", "rcs", arguments.output, *objects])


def main():
    arguments = parse_arguments()
    try:
        with tempfile.TemporaryDirectory() as folder:
            build(arguments, Path(folder))
    except BenchError as error:
        print(f"peer_malloc.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
