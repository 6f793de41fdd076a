# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line."""

import sys

from ebb_common.command_line import Parser

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


def read_options(arguments):
    """The options given; ends the program if they make no sense."""
    parser = Parser("ebb-decode", HELP, failure=2)
    parser.add_argument("-o", "--output")
    parser.add_argument("-r", "--recording", type=int)
    parser.add_argument("-t", "--text")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("files", nargs="*", metavar="FILE")
    options = parser.parse_args(arguments)
    if options.output is None and sys.stdout and sys.stdout.isatty():
        parser.error("a trace is not for a terminal: name a file with --output, or redirect")
    return options
