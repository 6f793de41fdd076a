# SPDX-License-Identifier: Apache-2.0 OR MIT

"""as_doxygen.py HEADER: prints a public header with its comments in Doxygen's form.

The headers have plain comments, for those who read them in an editor. Where a comment stands says what it is about: the
first is about the file, one between a heading and an empty line about the whole section, one behind a declaration about
that, any other about what follows. Line numbers stay as they are, so that warnings lead to the header.
"""

import pathlib
import re
import sys

LICENSE = re.compile(r"/\* SPDX-License-Identifier: .* \*/")
HEADING = re.compile(r"/\* ---- (.*?) -+ \*/")
BEHIND = re.compile(r"(\S.*[;,]|\b[A-Z_]+ = \d+) +/\* ")


def end_of_comment(lines, start):
    """The line on which the comment that starts on a line ends."""
    return next(i for i in range(start, len(lines)) if lines[i].endswith("*/"))


def begin_section(lines, heading, title):
    """Makes a group of Doxygen's out of a heading, with what is said about all of the section."""
    start = heading + 2
    if lines[start] == "/*" and lines[end_of_comment(lines, start) + 1] == "":
        lines[heading] = f"/** @name {title}"
        lines[start] = " *"
        heading = end_of_comment(lines, start)
    else:
        lines[heading] = f"/** @name {title} */"
    lines[heading] += " /** @{ */"


def mark_sections(lines):
    """Sections reach to the next heading, and the last one to where the header stops being for C++."""
    headings = [i for i, line in enumerate(lines) if HEADING.fullmatch(line)]
    for heading in headings:
        begin_section(lines, heading, HEADING.fullmatch(lines[heading]).group(1))
    if headings:
        end = len(lines) - 1 - lines[::-1].index("#ifdef __cplusplus")
        for i in [*headings[1:], end]:
            lines[i - 1] = "/** @} */"


def as_doxygen(lines, name):
    """The lines of the header of that name."""
    opening = f"/** @file {name} "
    lines = ["" if LICENSE.fullmatch(line) else line for line in lines]
    mark_sections(lines)
    for i, line in enumerate(lines):
        if line.lstrip().startswith("/*") and not line.lstrip().startswith("/**"):
            lines[i] = line.replace("/*", opening, 1)
            opening = "/**"
        elif BEHIND.search(line):
            lines[i] = line.replace("/* ", "/**< ", 1)
    return lines


def main():
    header = pathlib.Path(sys.argv[1])
    print("\n".join(as_doxygen(header.read_text(encoding="utf-8").splitlines(), header.name)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
