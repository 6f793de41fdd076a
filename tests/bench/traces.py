# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The traces, and means over them."""

import re
import statistics
from pathlib import Path

from toolchain import TRACES

LISTS = (TRACES / "EbbTrace.cmake").read_text(encoding="utf-8")


def listed(kind):
    """The names of the project's traces of a kind, as CMake knows them."""
    return re.search(rf"EBB_TRACES_{kind}\s+(.*) CACHE", LISTS)[1].split()


RECORDED = listed("RECORDED")
ALL = RECORDED + listed("SYNTHETIC")
ENDING = ".mtr"


def chosen(text):
    """A trace as the command line names it: one of the project's, or a file. ValueError says what is wrong."""
    if text in ALL:
        return text
    path = Path(text)
    if path.suffix != ENDING:
        raise ValueError(f"there is no trace '{text}'; there are {', '.join(ALL)}, and files that end in {ENDING}")
    if not path.is_file():
        raise ValueError(f"there is no file {text}")
    if path.stem in ALL or not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", path.stem):
        raise ValueError(f"{text}: the name of the file has to be one of C's names, and none of {', '.join(ALL)}")
    return text


def gather(names, own, directory):
    """Links what chosen() let pass into a folder, from `own` where no file is named; returns their names there."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in names:
        path = own / f"{name}{ENDING}" if name in ALL else Path(name).resolve()
        link = directory / path.name
        link.unlink(missing_ok=True)
        link.symlink_to(path)
    return [Path(name).stem for name in names]


def geometric_mean(values):
    """The geometric mean of the values that there are; None if there are none."""
    present = [value for value in values if value]
    return statistics.geometric_mean(present) if present else None


def arithmetic_mean(values):
    """The arithmetic mean of the values that there are; None if there are none."""
    present = [value for value in values if value is not None]
    return sum(present) / len(present) if present else None
