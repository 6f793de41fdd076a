# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Finds heaps by what their control blocks look like, for programs without symbols.

A control block has no mark of its own. But few other bytes say of themselves where top is, how much is idle above it
and what limits both, without a contradiction, and are followed by blocks whose headers lead exactly to that top.
"""

import struct

from . import layout as rules
from .heap import has_headers, leads_to_top
from .memory import Unreadable

PIECE = 1 << 20
ZERO_PAGE = bytes(4096)
STEP = 8  # the smallest granule


class Sieve:
    """A quick look at what a control block of one layout cannot be without."""

    def __init__(self, layout, byte_order):
        geometry = layout.geometry
        self.word = struct.Struct(("<" if byte_order == "little" else ">") + ("Q" if geometry.pointer == 8 else "I"))
        self.maximum_at, self.extent_at, self.idle_at = (
            layout.members[name].offset for name in ("maximum", "extent", "idle")
        )
        self.first = layout.first
        self.granule = geometry.granule
        self.largest = geometry.largest_region
        self.size = layout.control_size

    def passes(self, content, place):
        maximum = self.word.unpack_from(content, place + self.maximum_at)[0]
        if not self.first <= maximum <= self.largest:
            return False
        extent = self.word.unpack_from(content, place + self.extent_at)[0]
        idle = self.word.unpack_from(content, place + self.idle_at)[0]
        return extent % self.granule == 0 and self.first + extent + idle <= maximum


def places_in(content, length, sieves):
    """Offsets below `length` at which a control block may be."""
    for page in range(0, length, len(ZERO_PAGE)):
        if content[page:page + len(ZERO_PAGE)] == ZERO_PAGE:
            continue
        for place in range(page, min(page + len(ZERO_PAGE), length), STEP):
            if any(place + sieve.size <= len(content) and sieve.passes(content, place) for sieve in sieves):
                yield place


def readable(read, start, length):
    """As much of it as there is: a range may end, or have holes, where nobody said so."""
    content = read(start, length)
    while content is None and length > STEP:
        length //= 2
        content = read(start, length)
    return content or b""


def addresses(read, byte_order, layouts, ranges):
    """Addresses in the ranges at which a control block may be; `read` is as in memory.py."""
    sieves = [Sieve(layout, byte_order) for layout in layouts]
    overlap = max(sieve.size for sieve in sieves)
    for start, end in ranges:
        start = -(-start // STEP) * STEP
        while start < end:
            content = readable(read, start, min(PIECE + overlap, end - start))
            if not content:
                break
            for place in places_in(content, min(len(content), PIECE), sieves):
                yield start + place
            start += min(len(content), PIECE) // STEP * STEP or STEP


def without_chance_finds(heaps):
    """Without those that are damaged and overlap one that is not: its bytes, looked at from a wrong place. A sound one
    inside another can be: in a block of it."""
    sound = [heap for heap in heaps if leads_to_top(heap)]
    return [heap for heap in heaps if heap in sound or not any(overlap(heap, other) for other in sound)]


def overlap(one, other):
    return one.address < other.end and other.address < one.end


def is_credible(heap, ranges):
    """Whether a heap that was found by its looks lies where it can, has a past, and memory from where it can be."""
    region_is_there = any(start <= heap.address and heap.end <= end for start, end in ranges)
    is_likely = rules.control_is_likely(heap.layout, heap.control)
    try:
        return region_is_there and is_likely and memory_is_explained(heap) and has_headers(heap)
    except Unreadable:
        return False


def memory_is_explained(heap):
    """Whether a store has given it, which has a way to, or it was there from the start."""
    grow, granule = rules.store_of(heap.memory, heap.layout, heap.control)
    if grow == 0:
        return rules.never_moved(heap.layout, heap.control)
    return granule & (granule - 1) == 0 and heap.control["grows"] != 0
