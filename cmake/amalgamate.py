#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Makes one header and one source of the whole core: ebb.h and ebb.c; or ebb_fixed.c, for a heap whose end never moves.

Reads the public headers of a folder and the sources named, follows their includes, and takes in each header where it is
first needed. What it writes depends on what it reads and on nothing else.

All sources become one translation unit: what is local to a file must have a name of its own in the whole core, or the
result does not compile.
"""

import argparse
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
LICENSE = re.compile(r"^/\* SPDX-License-Identifier: (.*) \*/$")
GUARD = re.compile(r"^#ifndef (\w+_H)\n#define \1\n", re.MULTILINE)
VERSION = re.compile(r"^#define EBB_VERSION_(MAJOR|MINOR|PATCH) (\d+)$", re.MULTILINE)

HEADER_PROLOGUE = """\
/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * ebb {version}: a heap that gives memory back. All public headers of the core in one file, made by
 * cmake/amalgamate.py: change those instead. Goes with ebb.c of the same version.
 */
#ifndef EBB_H
#define EBB_H

"""

SOURCE_PROLOGUE = """\
/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * ebb {version}: the core in one file, made by cmake/amalgamate.py: change the sources of ebb instead. Goes with
 * ebb.h of the same version. Freestanding C11; needs memcpy, memmove and memset, and nothing else.
 *
 * The geometry can be chosen with -DEBB_NUMBER_BITS=16 or 32, and -DEBB_GRANULE=8 or 16. What is chosen otherwise, by
 * the size of pointers, is what the library has on such a machine. -DEBB_HARDENING=0, 1 or 2 says how much is checked
 * before it is believed; 1 is what the library has. -DEBB_BEST_FIT=1 takes the smallest of the free blocks that a
 * request looks at: less memory, more time.
 */
#include "ebb.h"

#include <stdint.h>

#ifndef EBB_NUMBER_BITS
#if UINTPTR_MAX > UINT32_MAX
#define EBB_NUMBER_BITS 32
#else
#define EBB_NUMBER_BITS 16
#endif
#endif

#ifndef EBB_GRANULE
#if UINTPTR_MAX > UINT32_MAX
#define EBB_GRANULE 16
#else
#define EBB_GRANULE 8
#endif
#endif

"""


class Amalgamation:
    """The text of several files, each taken in once."""

    def __init__(self, folders):
        self.folders = folders
        self.taken = set()
        self.parts = []

    def find(self, name, beside):
        for folder in [beside, *self.folders]:
            path = folder / name
            if path.is_file():
                return path.resolve()
        raise SystemExit(f"amalgamate: {name} is not in {', '.join(str(folder) for folder in self.folders)}")

    def take(self, path):
        """Adds a file, and before it whatever it includes: includes stand at the top of our files."""
        path = path.resolve()
        if path in self.taken:
            return
        self.taken.add(path)
        lines = path.read_text(encoding="utf-8").splitlines()
        if not lines or not LICENSE.match(lines[0]):
            raise SystemExit(f"amalgamate: {path} does not begin with its licence")
        own = []
        for line in lines[1:]:
            include = INCLUDE.match(line)
            if include is not None and self.is_ours(*include.groups()):
                self.take(self.find(include.group(2), path.parent))
            else:
                own.append(line)
        self.parts.append(f"/* ======== {path.name} ======== */\n" + without_guard("\n".join(own)) + "\n\n")

    @staticmethod
    def is_ours(bracket, name):
        return bracket == '"' or name.startswith("ebb/")

    def text(self):
        """All of it, without the empty lines that the includes leave behind."""
        return re.sub(r"\n{3,}", "\n\n", "".join(self.parts)).rstrip("\n") + "\n"


def without_guard(text):
    """The text of a file without what keeps it from being included twice."""
    guard = GUARD.search(text)
    if guard is None:
        return text
    head, end, tail = text.rpartition("#endif")
    if not end or tail.strip():
        raise SystemExit(f"amalgamate: {guard.group(1)} does not reach the end of its file")
    return GUARD.sub("", head, count=1)


def version_of(include):
    """The version that ebb/version.h says."""
    numbers = dict(VERSION.findall((include / "ebb" / "version.h").read_text(encoding="utf-8")))
    if len(numbers) != 3:
        raise SystemExit("amalgamate: ebb/version.h does not say EBB_VERSION_MAJOR, _MINOR and _PATCH")
    return "{MAJOR}.{MINOR}.{PATCH}".format(**numbers)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--include", type=pathlib.Path, required=True, help="the folder of the public headers")
    parser.add_argument("--header", type=pathlib.Path, help="the header to write, if any")
    parser.add_argument("--source", type=pathlib.Path, required=True, help="the source to write")
    parser.add_argument("sources", type=pathlib.Path, nargs="+", help="the sources to make it of, in their order")
    arguments = parser.parse_args()
    version = version_of(arguments.include)

    core = Amalgamation([arguments.include, *dict.fromkeys(source.parent for source in arguments.sources)])
    for header in sorted((arguments.include / "ebb").glob("*.h"), key=lambda path: path.name):
        core.take(header)
    header = HEADER_PROLOGUE.format(version=version) + core.text() + "\n#endif\n"

    # The public headers stay taken: they are in ebb.h.
    core.parts = []
    for source in arguments.sources:
        core.take(source)
    source = SOURCE_PROLOGUE.format(version=version) + core.text()

    for path, text in ((arguments.header, header), (arguments.source, source)):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
