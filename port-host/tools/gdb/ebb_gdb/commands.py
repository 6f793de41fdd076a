# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The commands. Each is the words after `ebb`, and what it prints."""

import argparse

import gdb

from . import find, target
from .check import check
from .heap import Damage, Kind, NotAHeap
from .layout import STRATEGIES, live_bytes, peak_live_bytes
from .memory import Unreadable
from .picture import picture


class Arguments(argparse.ArgumentParser):
    """Complains as a command of GDB does, instead of ending it."""

    def __init__(self, name, **settings):
        super().__init__(prog=f"ebb {name}", add_help=False, **settings)

    def error(self, message):
        raise gdb.GdbError(f"{self.format_usage().strip()}\n{message}")


class Command(gdb.Command):
    """A command with a parser for its arguments; its documentation is what `help` shows."""

    name = ""

    def __init__(self):
        super().__init__(f"ebb {self.name}", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def arguments(self, parser):
        """Adds what the command takes."""
        parser.add_argument("heap", nargs="*")

    def run(self, arguments):
        """Does it."""
        raise NotImplementedError

    def invoke(self, text, from_tty):
        self.dont_repeat()
        parser = Arguments(self.name)
        self.arguments(parser)
        arguments = parser.parse_args(gdb.string_to_argv(text))
        try:
            self.run(arguments)
        except (NotAHeap, Unreadable) as error:
            raise gdb.GdbError(str(error)) from error


# ---- Which heaps ----

def find_named(words):
    """What an expression leads to, or without one all that can be found: at least one heap."""
    if words:
        return [find.at(" ".join(words))]
    found = find.by_all_means()
    if all(each.heap is None for each in found):
        for each in found:
            say(nowhere(each))
        raise gdb.GdbError("no heap found; name one by an expression, or try `ebb heaps --scan START END`")
    return found


def heaps_named(words):
    """The heaps among these. Where there should be one, that is said."""
    heaps = []
    for found in find_named(words):
        if found.heap is None:
            say(nowhere(found))
        else:
            heaps.append(found)
    return heaps


def title(found):
    return f"heap {found.heap.address:#x} ({found.source})"


def nowhere(found):
    return f"{found.source}: no heap there, or its control block is damaged"


def say(text):
    gdb.write(text + "\n")


def sums_of(heap):
    """Number and bytes of the blocks of each kind; and the damage that keeps the rest from being counted, or None."""
    sums = {kind: [0, 0] for kind in Kind}
    try:
        for block in heap.blocks():
            sums[block.kind][0] += 1
            sums[block.kind][1] += block.size
    except (Damage, Unreadable) as damage:
        return sums, damage
    return sums, None


def beyond(damage):
    return f"{damage}: what lies beyond cannot be told"


# ---- The commands ----

class Heaps(Command):
    """List the heaps of the program.
Usage: ebb heaps [--scan [START END]]
By the program's variables of type `struct ebb_heap *`: all in the frames of the selected thread, and those outside of
functions whose name has "heap", "arena" or "pool" in it; and by symbols of ebb's ports. --scan looks through memory
instead, from START to before END or all that the program can write to, for what looks like a heap: for programs
without symbols. If it finds a heap from START to END, the other commands look there too, unless symbols lead to one.
Each address can be given to the other commands."""

    name = "heaps"

    def arguments(self, parser):
        parser.add_argument("--scan", nargs="*", metavar="ADDRESS")

    def run(self, arguments):
        found = self.found(arguments.scan)
        for each in found:
            self.show(each)
        if not found:
            say(self.nothing(arguments.scan))

    @staticmethod
    def nothing(words):
        """What to say where there is no heap, and what else to try."""
        if words is None:
            return "no heap found by symbols: try `ebb heaps --scan`"
        if not words:
            return "no heap found in the memory that GDB knows of: try `ebb heaps --scan START END`"
        return "no heap found"

    @staticmethod
    def found(words):
        if words is None:
            return find.by_symbols()
        if not words:
            return find.by_looks(find.writable_ranges())
        if len(words) != 2:
            raise gdb.GdbError("--scan takes two addresses, or none")
        return find.by_looks_in(*map(target.address_of, words))

    @staticmethod
    def show(found):
        if found.heap is None:
            say(nowhere(found))
            return
        sums, damage = sums_of(found.heap)
        count, size = sums[Kind.USED]
        region = found.heap.end - found.heap.address
        limit = f"; {beyond(damage)}" if damage else ""
        say(f"{title(found)}: {found.heap.geometry}; {count} blocks in use, {size} of {region} bytes{limit}")


class Blocks(Command):
    """List the blocks of heaps, in order of addresses.
Usage: ebb blocks [--used | --free] [--limit COUNT] [HEAP]
HEAP is an expression, such as an address of `ebb heaps`; without it, all heaps found are listed. Addresses are what
ebb_alloc() returned; sizes are in bytes, with the header and, as usable, without."""

    name = "blocks"

    def arguments(self, parser):
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--used", action="store_const", dest="kind", const=Kind.USED)
        which.add_argument("--free", action="store_const", dest="kind", const=Kind.FREE)
        parser.add_argument("--limit", type=int, metavar="COUNT")
        super().arguments(parser)

    def run(self, arguments):
        for found in heaps_named(arguments.heap):
            say(title(found))
            self.show(found.heap, arguments)

    @staticmethod
    def show(heap, arguments):
        shown = 0
        try:
            for block in heap.blocks():
                if arguments.kind not in (None, block.kind):
                    continue
                if shown == arguments.limit:
                    say("  and more")
                    break
                say(f"  {block.address:#x}  {block.kind.value:4}  {block.size:8} bytes, {block.usable} usable")
                shown += 1
        except (Damage, Unreadable) as damage:
            say(f"  {beyond(damage)}")


class Stats(Command):
    """Show what heaps hold, and what they have done.
Usage: ebb stats [HEAP]
The figures are those of ebb_get_statistics() and ebb_get_policy(), and of the free blocks."""

    name = "stats"

    def run(self, arguments):
        for found in heaps_named(arguments.heap):
            say(title(found))
            sums, damage = sums_of(found.heap)
            for name, value in self.figures(found.heap, sums):
                say(f"  {name:16} {value}")
            if damage:
                say(f"  {beyond(damage)}")

    @staticmethod
    def figures(heap, sums):
        control, layout = heap.control, heap.layout
        used, free = sums[Kind.USED][0], sums[Kind.FREE]
        return (
            ("geometry", f"{heap.geometry}, {heap.geometry.header_size} bytes of header"),
            ("strategy", STRATEGIES[control["strategy"]]),
            ("maximum", f"{control['maximum']} bytes"),
            ("region", f"{heap.end - heap.address} bytes, {heap.address:#x} to {heap.end:#x}"),
            ("peak region", f"{control['peak_region']} bytes"),
            ("live", f"{live_bytes(layout, control)} bytes in {used} blocks"),
            ("peak live", f"{peak_live_bytes(layout, control)} bytes"),
            ("free", f"{free[1]} bytes in {free[0]} blocks, and {control['idle']} idle at the end"),
            ("largest request", f"{control['largest_request']} bytes"),
            ("failed requests", control["failed_requests"]),
            ("moves", f"{control['grows']} up, {control['shrinks']} down, {control['refusals']} refused"),
        )


class Check(Command):
    """Say whether heaps are sound, and where not.
Usage: ebb check [HEAP]
The same rules as those of ebb_check(). Nothing in the program is called. An error if any is damaged, for scripts."""

    name = "check"

    def run(self, arguments):
        found = find_named(arguments.heap)
        damaged = sum(not self.show(each) for each in found)
        if damaged:
            heaps = sum(each.heap is not None or not each.is_guess for each in found)
            raise gdb.GdbError(f"{damaged} of {heaps} heaps damaged")

    @staticmethod
    def show(found):
        if found.heap is None:
            say(nowhere(found))
            return found.is_guess
        try:
            check(found.heap)
        except (Damage, Unreadable) as damage:
            say(f"{title(found)}: {damage}")
            return False
        say(f"{title(found)}: sound")
        return True


class Map(Command):
    """Draw heaps: what is used, free, idle.
Usage: ebb map [--width CHARACTERS] [--height LINES] [HEAP]"""

    name = "map"

    def arguments(self, parser):
        parser.add_argument("--width", type=int, default=64, metavar="CHARACTERS")
        parser.add_argument("--height", type=int, default=16, metavar="LINES")
        super().arguments(parser)

    def run(self, arguments):
        if arguments.width < 1 or arguments.height < 1:
            raise gdb.GdbError("a picture has at least one line of one character")
        for found in heaps_named(arguments.heap):
            say(title(found))
            for line in picture(found.heap, arguments.width, arguments.height):
                say("  " + line)


class WhereIs(Command):
    """Say what part of which heap an address is in.
Usage: ebb whereis ADDRESS
ADDRESS is an expression, such as a pointer."""

    name = "whereis"

    def arguments(self, parser):
        parser.add_argument("address", nargs="+")

    def run(self, arguments):
        address = target.address_of(" ".join(arguments.address))
        for found in heaps_named([]):
            if found.heap.address <= address < found.heap.end:
                say(f"{address:#x} is {self.place(found.heap, address)} of {title(found)}")
                return
        say(f"{address:#x} is in no heap that was found")

    def place(self, heap, address):
        header = heap.geometry.header_size
        if address < heap.first - header:
            return f"{address - heap.address} bytes into the control block"
        try:
            for block in heap.blocks():
                if address < block.address - header + block.size:
                    return self.place_in(block, address)
        except (Damage, Unreadable) as damage:
            return f"beyond what can be followed ({damage})"
        return "in the last bytes"

    @staticmethod
    def place_in(block, address):
        offset = address - block.address
        inside = "the header" if offset < 0 else f"{offset} bytes into the {block.usable} usable"
        names = {Kind.USED: "a block in use", Kind.FREE: "a free block", Kind.TOP: "the idle end",
                 Kind.GAP: "somebody else's memory"}
        return f"{inside} of {names[block.kind]} at {block.address:#x}"


class Ebb(gdb.Command):
    """Look at ebb's heaps: in a running program, a core dump, or a board.
`help ebb heaps` and so on say more of each."""

    def __init__(self):
        super().__init__("ebb", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


def register():
    """Makes the commands known to GDB."""
    Ebb()
    for command in (Heaps, Blocks, Stats, Check, Map, WhereIs):
        command()
