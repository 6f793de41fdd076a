# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How the tools in Python speak to whoever called them: as those in C do, by common/command_line.c."""

import argparse
import errno
import os
import re
import sys
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

STANDARD_INPUT = 0  # its descriptor: what Python reads from it may be text of another kind, or not be there


@contextmanager
def errors_of(name):
    """What goes wrong within, reading or writing a file, has its name."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, name) from error


def put_out(content):
    """All of it to standard output, or an error."""
    with errors_of("standard output"):
        if sys.stdout is None:  # which Python has where it is closed
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        try:
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        except OSError:
            # Else Python tries to write what is left once more at the end, and says so in its own way.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise


def provide_standard_error():
    """Where it is closed, print() would take standard output, where a trace or a page may go."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # pylint: disable=consider-using-with


def is_same_file(path, other):
    return os.path.isfile(path) and os.path.isfile(other) and os.path.samefile(path, other)


def read_version():
    """What the header says that is the one place to say it: beside this file, or in the source tree."""
    header = resources.files(__package__).joinpath("version.h")
    if not header.is_file():
        header = Path(__file__).resolve().parents[4] / "core" / "include" / "ebb" / "version.h"
    numbers = re.findall(r"^#define EBB_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", header.read_text(encoding="ascii"),
                         re.MULTILINE)
    return ".".join(numbers)


class Show(argparse.Action):
    """Puts out a text, and ends the program. What argparse has for that would lose it on a full disk, in silence."""

    def __call__(self, parser, *_):
        try:
            put_out(self.const().encode())
        except BrokenPipeError:
            parser.exit(parser.failure)
        except OSError as error:
            parser.exit(parser.failure, f"{parser.prog}: {error.filename}: {error.strerror}\n")
        parser.exit()


class Parser(argparse.ArgumentParser):
    """Answers as the other tools do; `failure` is the status to end with if --help cannot be written."""

    def __init__(self, name, text_of_help, failure):
        super().__init__(prog=name, allow_abbrev=False, add_help=False)
        self.failure = failure
        self.add_argument("-h", "--help", action=Show, nargs=0, const=lambda: text_of_help)
        self.add_argument("-V", "--version", action=Show, nargs=0, const=lambda: f"{name} (ebb) {read_version()}\n")

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\nTry '{self.prog} --help'.\n")
