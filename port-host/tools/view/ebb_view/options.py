# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command line."""

import argparse
from importlib import resources

from .output import put_out

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


class Parser(argparse.ArgumentParser):
    """Answers as the other tools do."""

    def error(self, message):
        self.exit(2, f"ebb-view: {message}\nTry 'ebb-view --help'.\n")


class Show(argparse.Action):
    """Puts out a text, and ends the program. What argparse has for that would lose it on a full disk, in silence."""

    def __call__(self, parser, *_):
        try:
            put_out(self.const.encode())
        except BrokenPipeError:
            parser.exit(1)
        except OSError as error:
            parser.exit(1, f"ebb-view: {error.filename}: {error.strerror}\n")
        parser.exit()


def read_version():
    """What the build put beside this file."""
    return resources.files(__package__).joinpath("version.txt").read_text(encoding="ascii")


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
    parser = Parser(prog="ebb-view", allow_abbrev=False, add_help=False)
    parser.add_argument("input", metavar="INPUT")
    parser.add_argument("-o", "--output")
    parser.add_argument("-s", "--svg")
    parser.add_argument("-t", "--title")
    parser.add_argument("-r", "--replay-option", action="append", default=[])
    parser.add_argument("-R", "--replay")
    parser.add_argument("-h", "--help", action=Show, nargs=0, const=HELP)
    parser.add_argument("-V", "--version", action=Show, nargs=0, const=f"ebb-view (ebb) {read_version()}\n")
    options = parser.parse_args(with_values(arguments))
    if options.input == "-" and not options.output and not options.svg:
        parser.error("standard input has no name for the page to be derived from: -o or --svg is needed")
    return options
