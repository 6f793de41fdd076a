# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command `ebb-view`."""

import argparse
import os
import sys
import tempfile
from importlib import resources
from pathlib import Path

from .failure import Failure
from .figure import make_figure
from .page import make_page
from .replay import history_of

DESCRIPTION = "Shows what a heap held and where: a page to zoom and pan in, or a figure for print."
EPILOG = """\
A TRACE (.mtr) is replayed by ebb-replay first. EVENTS is what `ebb-replay --events EVENTS TRACE` writes; "-" is
standard input. Without -o and --svg, the page is written beside the input, with the ending .html.

exit status: 0 all is written, 1 it is not, 2 wrong usage
"""


def read_version():
    """What the build put beside this file."""
    return resources.files(__package__).joinpath("version.txt").read_text(encoding="ascii")


def read_arguments(arguments):
    parser = argparse.ArgumentParser(
        prog="ebb-view", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("input", metavar="TRACE-or-EVENTS", help="what to show")
    parser.add_argument("-o", "--output", metavar="PAGE", help='write the page there; "-" is standard output')
    parser.add_argument("--svg", metavar="FIGURE", help="write a figure for print there; a page only with -o too")
    parser.add_argument("--title", help="what the page and the figure are called; default: the trace's name")
    parser.add_argument("--replay", metavar="PROGRAM", help="the ebb-replay to use for a trace")
    parser.add_argument(
        "--replay-option", metavar="OPTION", action="append", default=[],
        help="an option for ebb-replay, as --replay-option=--maximum=65536; may be repeated",
    )
    parser.add_argument("-V", "--version", action="version", version=f"ebb-view {read_version()}")
    options = parser.parse_args(arguments)
    if options.input == "-" and not options.output and not options.svg:
        parser.error("standard input has no name to derive that of the page from: -o or --svg is needed")
    return options


def write_whole(path, text):
    """Writes a file, all of it or, if that fails, none: what was there before stays."""
    if path == "-":
        sys.stdout.write(text)
        return
    target = Path(path)
    if target.exists() and not target.is_file():  # a device or a pipe is written to, not replaced
        target.write_text(text, encoding="utf-8")
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}-",
                                     delete=False) as file:
        try:
            file.write(text)
            file.close()
            os.chmod(file.name, 0o666 & ~current_umask())
            os.replace(file.name, target)
        except BaseException:
            os.unlink(file.name)
            raise


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def page_path(options):
    if options.output or options.svg:
        return options.output
    return str(Path(options.input).with_suffix(".html"))


def show(options):
    history = history_of(options.input, options.replay, options.replay_option)
    name = "standard input" if options.input == "-" else Path(options.input).stem
    title = options.title or Path(history.head.trace).stem or name
    if options.svg:
        write_whole(options.svg, make_figure(history, title))
    page = page_path(options)
    if page:
        write_whole(page, make_page(history, title))


def main():
    options = read_arguments(sys.argv[1:])
    try:
        show(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Failure as failure:
        print(f"ebb-view: {options.input}: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"ebb-view: {error.filename or options.input}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
