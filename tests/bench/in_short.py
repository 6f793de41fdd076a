# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The few figures that one asks for first, of the subjects that most programs choose between."""

import pages
from tables import number, table
from toolchain import ROOT

NAMES = {"ebb_16_8": "ebb", "picolibc": "picolibc", "newlib": "newlib", "newlib-nano": "newlib-nano"}
CODE = "cortex-m4"

PAGE = ROOT / "README.md"
BEGIN = "<!-- begin: what `cmake/run bench` printed first; `bench.py write-docs` puts it here -->"
END = "<!-- end: what `cmake/run bench` printed first -->"


def longest(recorded):
    """The most instructions of an allocation or a free that did not call the store."""
    return number(max(recorded["alloc_rest"], recorded["free_rest"]))


def code(size):
    """Bytes of code and static RAM."""
    return f"{size['code']} + {size['static']}"


def of(fast, small, sizes):
    """The table: a column for each subject that was measured, compiled to be fast and to be small."""
    names = [name for name in NAMES if name in fast and name in small and name in sizes]

    def row(text, figure):
        return [text, *(figure(name) for name in names)]

    def memory(figure):
        return lambda name: number(fast[name]["recorded"][figure], figure)

    return table(["", *(NAMES[name] for name in names)], [
        row("an allocation and its free: instructions, mean, -O2",
            lambda name: number(fast[name]["recorded"]["alloc_and_free"])),
        row("the same, -Os", lambda name: number(small[name]["recorded"]["alloc_and_free"])),
        row("the longest of all, calls of the store apart, -O2", lambda name: longest(fast[name]["recorded"])),
        row("the same, -Os", lambda name: longest(small[name]["recorded"])),
        row("smallest memory that suffices / peak payload", memory("footprint")),
        row("memory held / payload, mean", memory("region_over_payload")),
        row("code + static RAM, bytes, -O2", lambda name: code(sizes[name]["-O2"][CODE])),
        row("the same, -Os", lambda name: code(sizes[name]["-Os"][CODE])),
        row("stack, bytes at most, -Os", lambda name: number(sizes[name]["-Os"][CODE]["stack"])),
    ])


def write(text):
    """Makes a table the one of the first page."""
    pages.put_between(PAGE, BEGIN, END, text)
