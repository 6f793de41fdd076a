# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line."""

import argparse
import re
import sys
from pathlib import Path

from .output import put_out

HELP = """\
Usage: ebb-decode [OPTION]... [FILE]...
Make an allocation trace of what a recorder put out.

Reads the bytes that the output function of ebb/recorder.h was given, from each FILE or standard input, which is also -,
and writes a trace. Text between them, as from a console that both share, is passed over. Says on standard error what is
missing.

  -o, --output=TRACE      write the trace to TRACE instead of standard output
  -r, --recording=NUMBER  take this recording of several, as after a restart, from 1 on (default: the last)
  -t, --text=TEXT         write the text between the recorder's bytes to TEXT; - is standard output
  -v, --verbose           say what was recorded
  -h, --help              show this help
  -V, --version           show the version

Exit status: 0 the trace is complete, 1 it is written but something is missing, 2 there is none. The whole story is in
the manual: man ebb-decode.
"""

PACKAGE = Path(__file__).resolve().parent
# Where it is installed, and in the source tree.
VERSION_HEADERS = (PACKAGE / "version.h", PACKAGE.parents[3] / "core" / "include" / "ebb" / "version.h")


class Parser(argparse.ArgumentParser):
    """Answers as the other tools do."""

    def error(self, message):
        self.exit(2, f"ebb-decode: {message}\nTry 'ebb-decode --help'.\n")


def read_version():
    """What the header says that is the one place to say it."""
    header = next(path for path in VERSION_HEADERS if path.exists())
    numbers = re.findall(r"^#define EBB_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", header.read_text(encoding="ascii"),
                         re.MULTILINE)
    return ".".join(numbers)


class Show(argparse.Action):
    """Puts out a text, and ends the program. What argparse has for that would lose it on a full disk, in silence."""

    def __call__(self, parser, *_):
        put_out(self.const().encode())
        parser.exit()


def describe_version():
    return f"ebb-decode (ebb) {read_version()}\n"


def read_options(arguments):
    """The options given; ends the program if they make no sense."""
    parser = Parser(prog="ebb-decode", allow_abbrev=False, add_help=False)
    parser.add_argument("-o", "--output")
    parser.add_argument("-r", "--recording", type=int)
    parser.add_argument("-t", "--text")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-h", "--help", action=Show, nargs=0, const=lambda: HELP)
    parser.add_argument("-V", "--version", action=Show, nargs=0, const=describe_version)
    parser.add_argument("files", nargs="*", metavar="FILE")
    options = parser.parse_args(arguments)
    if options.output is None and sys.stdout and sys.stdout.isatty():
        parser.error("a trace is not for a terminal: name a file with --output, or redirect")
    return options
