# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line."""

from ebb_common.command_line import Parser

HELP = """\
Usage: ebb-view [OPTION]... INPUT
Show what a heap held and where: a page to zoom and pan in, or a figure for print.

INPUT is a trace, which ebb-replay replays first, or events, as `ebb-replay --events` writes them; - is standard input,
for events.

  -o, --output=PAGE           write the page to PAGE; - is standard output (default: beside INPUT, ending in .html)
  -s, --svg=FIGURE            write a figure to FIGURE; a page then only with -o
  -t, --title=TEXT            what page and figure are called (default: the trace's name)
  -r, --replay-option=OPTION  an option for ebb-replay, such as --replay-option=--maximum=64K; several by several
  -R, --replay=PROGRAM        the ebb-replay to use (default: the one beside this program, or else in PATH)
  -h, --help                  show this help
  -V, --version               show the version

The whole story is in the manual: man ebb-view.
"""


def with_values(arguments):
    """So that what `-r` is for, an option, is not taken for one of ours."""
    joined = []
    arguments = iter(arguments)
    for argument in arguments:
        if argument in ("-r", "--replay-option"):
            joined.append(f"--replay-option={next(arguments, '')}")
        else:
            joined.append(argument)
    return joined


def read_options(arguments):
    """The options given; ends the program if they make no sense."""
    parser = Parser("ebb-view", HELP, failure=1)
    parser.add_argument("input", metavar="INPUT")
    parser.add_argument("-o", "--output")
    parser.add_argument("-s", "--svg")
    parser.add_argument("-t", "--title")
    parser.add_argument("-r", "--replay-option", action="append", default=[])
    parser.add_argument("-R", "--replay")
    options = parser.parse_args(with_values(arguments))
    if options.input == "-" and not options.output and not options.svg:
        parser.error("standard input has no name for the page to be derived from: -o or --svg is needed")
    return options
