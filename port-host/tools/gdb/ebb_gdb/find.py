# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Where the heaps of a program are: by its variables, by symbols that have a name but no type, or by their looks."""

import re
from dataclasses import dataclass
from functools import cache

import gdb

from . import scan, target
from .heap import NotAHeap, open_heap

# Of ports that may come without debug information: where a Tock app's heap is, and that of libebb-malloc.so.
KNOWN_NAMES = ("ebb_tock_app_heap", "heap")

SCANNED_UNASKED = 64 << 20  # bytes: some seconds

told = []  # a range of addresses that someone named, where a heap was found

FRAMES = 64  # as far up as a heap is looked for in local variables


@dataclass
class Candidate:
    """Where a heap may be, and who says so."""

    address: int
    source: str
    is_guess: bool = False  # by what may have no value yet, or be something else of that name


@dataclass
class Found:
    """A heap, and who said where it is. None for a heap: there is none, or its control block is damaged."""

    heap: object
    source: str
    is_guess: bool = False


def points_to_heap(symbol):
    kind = symbol.type.strip_typedefs() if symbol.type is not None else None
    if kind is None or kind.code != gdb.TYPE_CODE_PTR:
        return False
    return kind.target().unqualified().strip_typedefs().tag == "ebb_heap"


def value_of(symbol, frame=None):
    """What a variable holds, or 0 if that cannot be told."""
    try:
        value = symbol.value(frame) if symbol.needs_frame else symbol.value()
        return 0 if value.is_optimized_out else int(value)
    except (gdb.error, TypeError):
        return 0


# ---- Global and static variables ----

# Without a pattern for names, GDB would read all debug information that there is, the C library's too: many seconds.
LIKELY_NAMES = r"heap\|arena\|pool"

QUALIFIED_NAME = r"(?:(?:\w+|\(anonymous namespace\))::)*\w+"


@cache
def names_of_variables(_files):
    """The names of variables that may be what is looked for, in the program and the libraries that it has loaded."""
    with target.language_of_core():
        # In C, the word `struct` goes before.
        listing = gdb.execute(f'info variables -q -t "ebb_heap \\*" {LIKELY_NAMES}', to_string=True)
    return sorted(set(re.findall(rf"^\d+:.*?({QUALIFIED_NAME});$", listing, re.MULTILINE)))


def loaded_files():
    return tuple(file.filename for file in gdb.objfiles())


def symbols_named(name):
    symbols = list(gdb.lookup_static_symbols(name))
    return symbols + [symbol for symbol in [gdb.lookup_global_symbol(name)] if symbol is not None]


def by_variables():
    for name in names_of_variables(loaded_files()):
        for symbol in symbols_named(name):
            if points_to_heap(symbol):
                yield Candidate(value_of(symbol), f"{symbol.symtab.filename.rpartition('/')[2]}: {name}")


# ---- Local variables ----

def frames():
    try:
        frame = gdb.selected_frame()
    except gdb.error:
        return
    for _ in range(FRAMES):
        if frame is None:
            return
        yield frame
        try:
            frame = frame.older()
        except gdb.error:
            return


def symbols_in(frame):
    try:
        block = frame.block()
    except RuntimeError:
        return  # no debug information for this one
    while block is not None and not block.is_global and not block.is_static:
        yield from block
        block = block.superblock


def by_locals():
    for frame in frames():
        for symbol in symbols_in(frame):
            if (symbol.is_variable or symbol.is_argument) and points_to_heap(symbol):
                yield Candidate(value_of(symbol, frame), f"{frame.name()}(): {symbol.name}", is_guess=True)


# ---- Symbols without a type ----

def by_names():
    for name in KNOWN_NAMES:
        try:
            with target.language_of_core():
                address = int(gdb.parse_and_eval(f"*(void **)&'{name}'"))
        except gdb.error:
            continue
        yield Candidate(address, name, is_guess=True)


# ---- All of them ----

def candidates():
    """Where heaps may be, each address once."""
    seen = {0}
    for way in (by_variables, by_locals, by_names):
        for candidate in way():
            if candidate.address not in seen:
                seen.add(candidate.address)
                yield candidate


def opened(places):
    memory = target.memory()
    layouts = target.layouts()
    for place in places:
        try:
            yield Found(open_heap(memory, layouts, place.address), place.source)
        except NotAHeap:
            yield Found(None, f"{place.source} = {place.address:#x}", place.is_guess)


def by_symbols():
    """What symbols lead to: heaps, and where there should be one."""
    return list(opened(candidates()))


def by_looks(ranges):
    """The heaps in ranges of addresses, found by what a control block looks like."""
    addresses = scan.addresses(target.read, target.byte_order(), target.layouts(), ranges)
    places = (Candidate(address, "scan") for address in addresses)
    heaps = [found.heap for found in opened(places) if found.heap is not None]
    credible = [heap for heap in heaps if scan.is_credible(heap, ranges)]
    return [Found(heap, "scan") for heap in scan.without_chance_finds(credible)]


def by_looks_in(start, end):
    """The same between two addresses. If there is any, by_all_means() looks there from now on."""
    ranges = [(start, end)]
    found = by_looks(ranges)
    if found:
        told[:] = ranges
    return found


def by_all_means():
    """What symbols lead to. If that is no heap, also all that look like one, where not too much is to be looked at."""
    found = by_symbols()
    if any(each.heap is not None for each in found):
        return found
    ranges = told or writable_ranges()
    return found + (by_looks(ranges) if told or sum(end - start for start, end in ranges) <= SCANNED_UNASKED else [])


def at(expression):
    """The heap at the address that an expression has."""
    address = target.address_of(expression)
    return Found(open_heap(target.memory(), target.layouts(), address), expression)


# ---- Memory that heaps can be in ----

def of_process():
    """Of a process on this machine, or reached by gdbserver."""
    try:
        listing = gdb.execute("info proc mappings", to_string=True)
    except gdb.error:
        return []
    found = re.findall(r"^\s*(0x[0-9a-f]+)\s+(0x[0-9a-f]+)\s+0x\S+\s+0x\S+\s+rw\S*(?!.*\[vvar)", listing, re.MULTILINE)
    return [(int(start, 16), int(end, 16)) for start, end in found]


def of_files():
    """Of a core dump, or else the sections of a program that holds variables."""
    listing = gdb.execute("info files", to_string=True)
    found = re.findall(r"^\s*(0x[0-9a-f]+) - (0x[0-9a-f]+) is (\S+)", listing, re.MULTILINE)
    return [
        (int(start, 16), int(end, 16)) for start, end, name in found
        if name.startswith("load") or ".bss" in name or ".data" in name
    ]


def writable_ranges():
    """In order of addresses, and those in one that touch or overlap: a heap may lie in both."""
    joined = []
    for start, end in sorted(of_process() or of_files()):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
