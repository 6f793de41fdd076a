# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A heap of the program, as its bytes show it. Trusts nothing that it reads, and always comes to an end."""

from dataclasses import dataclass
from enum import Enum

from . import layout as rules
from .memory import Unreadable


class Kind(Enum):
    """What a part of the region is."""

    USED = "used"
    FREE = "free"
    TOP = "top"
    GAP = "gap"


@dataclass(frozen=True)
class Block:
    """A part of the region; its address is that of its payload, its size has the header in it, both in bytes."""

    address: int
    size: int
    kind: Kind
    usable: int


class Damage(Exception):
    """Something in a heap is not as it can be."""

    def __init__(self, what, address):
        super().__init__(f"{what} at {address:#x}")


class NotAHeap(Exception):
    """What is at an address cannot be a heap."""


class Heap:
    """A heap at an address, laid out as `layout` says."""

    def __init__(self, memory, layout, address):
        self.memory = memory
        self.layout = layout
        self.geometry = layout.geometry
        self.address = address
        content = memory.bytes_at(address, layout.control_size)
        self.control = {name: self._value(content, member) for name, member in layout.members.items()}

    def _value(self, content, member):
        order = self.memory.byte_order
        values = [
            int.from_bytes(content[place:place + member.size], order)
            for place in range(member.offset, member.offset + member.size * member.count, member.size)
        ]
        return values if member.count > 1 else values[0]

    # ---- Places ----

    @property
    def first(self):
        """The payload of the lowest block."""
        return self.address + self.layout.first

    @property
    def top(self):
        return self.first + self.control["extent"]

    @property
    def end(self):
        return self.address + rules.region_bytes(self.layout, self.control)

    def header_at(self, address):
        """The header of the block with that payload."""
        return rules.header_of(self.geometry, self._cell_before(address, 1))

    def _cell_before(self, address, count):
        """The number that lies so many numbers before an address."""
        cell = self.geometry.number
        return self.memory.number_at(address - count * cell, cell)

    def seal_is_right(self, address):
        """Whether the header of the block with that payload is one that the heap has written there. True without seals.
        """
        if not self.geometry.is_sealed:
            return True
        header, seal = self._cell_before(address, 1), self._cell_before(address, 2)
        return seal == rules.seal_of(self.geometry, self.control, header, address - self.address)

    def footer_place(self, address):
        """Where the footer of the free block lies that ends before the block with that payload."""
        return address - self.geometry.header_size - self.geometry.number

    def left_size_at(self, address):
        """What is in the place of the left block's footer: right before the header."""
        number = self.memory.number_at(self.footer_place(address), self.geometry.number)
        return rules.footer_bytes(self.geometry, number)

    # ---- Blocks ----

    def headers(self):
        """Address and header of each block below top, from the lowest on. Raises Damage where one leads astray."""
        address = self.first
        top = self.top
        while address != top:
            header = self.header_at(address)
            fits = self.geometry.smallest_block <= header.size <= top - address
            if not fits or header.size % self.geometry.granule:
                raise Damage("damaged header", address)
            yield address, header
            address += header.size

    def _kind(self, address, header):
        if not header.is_used:
            return Kind.FREE
        return Kind.USED if self.header_at(address + header.size).left_is_used else Kind.GAP

    def blocks(self):
        """All parts of the region in order, top last, as ebb_walk() shows them."""
        overhead = self.geometry.header_size
        for address, header in self.headers():
            yield Block(address, header.size, self._kind(address, header), header.size - overhead)
        idle = self.control["idle"]
        yield Block(self.top, idle, Kind.TOP, max(0, idle - overhead))


def open_heap(memory, layouts, address):
    """The heap at an address, in the layout that it makes most sense in. Raises NotAHeap if there is none.

    A layout in which the blocks can be followed from the first to top is better than one in which they cannot: so a
    damaged heap is opened only if nothing else will do, and then as debug information has it, or else in the layout in
    which most blocks can be followed.
    That seals are right is no chance. How many lists fit tells the granule where nothing else does. Else the first
    layout is the best.
    """
    whole, damaged = [], []
    for layout in layouts:
        try:
            heap = Heap(memory, layout, address)
            if address % layout.geometry.granule or not rules.control_is_sound(layout, heap.control):
                continue
            (whole if leads_to_top(heap) else damaged).append(heap)
        except Unreadable:
            continue
    if whole:
        return max(whole, key=lambda heap: (heap.geometry.is_sealed, lists_that_fit(heap)))
    if damaged:
        return max(damaged, key=lambda heap: (heap.layout.is_told, blocks_followed(heap), lists_that_fit(heap)))
    raise NotAHeap(f"there is no heap at {address:#x}")


def leads_to_top(heap):
    """Whether the headers lead from the first block to a sound top, and at least one of them has its seal."""
    has_seal = False
    try:
        for address, _ in heap.headers():
            has_seal = has_seal or heap.seal_is_right(address)
        top = heap.header_at(heap.top)
        has_seal = has_seal or heap.seal_is_right(heap.top)
    except (Damage, Unreadable):
        return False
    return not top.is_used and top.size == 0 and has_seal and has_headers(heap)


def has_headers(heap):
    """Whether there are any: the one that an empty heap has is that of top, which is not zero as other memory is."""
    return heap.top != heap.first or heap.header_at(heap.top).left_is_used


def blocks_followed(heap):
    """How many blocks with their seals there are up to the first that leads astray."""
    count = 0
    try:
        for address, _ in heap.headers():
            count += heap.seal_is_right(address)
    except (Damage, Unreadable):
        pass
    return count


def lists_that_fit(heap):
    """How many lists begin with a block of a size that belongs there."""
    count = 0
    for index, link in enumerate(heap.control["bins"]):
        try:
            size = heap.header_at(heap.address + rules.payload_at(heap.geometry, link)).size
            count += link != rules.NONE and index == rules.class_of(heap.geometry, size)
        except Unreadable:
            pass
    return count
