# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The few figures that one asks for first, of the subjects that most programs choose between."""

from pathlib import Path

import pages
from tables import number, table

NAMES = {"ebb_16_8": "ebb", "picolibc": "picolibc", "newlib": "newlib", "newlib-nano": "newlib-nano"}
CODE = ("-Os", "cortex-m4")

PAGE = Path(__file__).resolve().parents[2] / "README.md"
BEGIN = "<!-- begin: what `cmake/run bench` printed first; `bench.py write-docs` puts it here -->"
END = "<!-- end: what `cmake/run bench` printed first -->"


def longest(recorded):
    """The most instructions of an allocation or a free that did not call the store."""
    return number(max(recorded["alloc_rest"], recorded["free_rest"]))


ROWS = {
    "an allocation and its free: instructions, mean": lambda recorded: number(recorded["alloc_and_free"]),
    "the longest of all, calls of the store apart": longest,
    "smallest memory that suffices / peak payload": lambda recorded: number(recorded["footprint"], "footprint"),
    "memory held / payload, mean": lambda recorded: number(recorded["region_over_payload"], "region_over_payload"),
}


def of_code(sizes):
    """What is known of the one optimisation and target."""
    optimisation, target = CODE
    return sizes[optimisation][target]


def code(sizes):
    """Bytes of code and static RAM."""
    size = of_code(sizes)
    return f"{size['code']} + {size['static']}"


def stack(sizes):
    """Bytes of stack, if they are known."""
    return number(of_code(sizes)["stack"])


def of(summaries, sizes):
    """The table: a column for each subject that was measured."""
    names = [name for name in NAMES if name in summaries and name in sizes]
    rows = [[text, *(figure(summaries[name]["recorded"]) for name in names)] for text, figure in ROWS.items()]
    rows.append(["code + static RAM, bytes", *(code(sizes[name]) for name in names)])
    rows.append(["stack, bytes at most", *(stack(sizes[name]) for name in names)])
    return table(["", *(NAMES[name] for name in names)], rows)


def write(text):
    """Makes a table the one of the first page."""
    pages.put_between(PAGE, BEGIN, END, text)
