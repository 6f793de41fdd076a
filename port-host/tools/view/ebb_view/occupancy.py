# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Which addresses are in use at a moment: blocks in order, the holes between them, and the largest of these."""

from bisect import bisect_left
from heapq import heappop, heappush


class Overlap(Exception):
    """Its argument is the block that already lies there."""


class Occupancy:
    """Blocks are (start, end, owner), in bytes from the region's start; `floor` is where the lowest hole may begin."""

    def __init__(self, floor):
        self.floor = floor
        self.blocks = []
        self.holes = {}  # start -> size
        self.by_size = []  # a heap of (-size, start), with holes that have since changed

    def add(self, start, end, owner):
        """Puts a block where nothing lies."""
        place = bisect_left(self.blocks, (start,))
        self._refuse_overlap(place, start, end)
        hole = self._end_before(place)
        self.blocks.insert(place, (start, end, owner))
        following = self.blocks[place + 1][0] if place + 1 < len(self.blocks) else None
        self._set_hole(hole, start)
        if following is not None:
            self._set_hole(end, following)

    def remove(self, start):
        """Takes the block that begins at `start` away."""
        place = bisect_left(self.blocks, (start,))
        _, end, _ = self.blocks.pop(place)
        self.holes.pop(end, None)
        before = self._end_before(place)
        if place < len(self.blocks):
            self._set_hole(before, self.blocks[place][0])
        else:
            self.holes.pop(before, None)

    def largest_hole(self):
        """Start and size of the largest hole below the highest block; the size is 0 if there is none."""
        while self.by_size and self.holes.get(self.by_size[0][1]) != -self.by_size[0][0]:
            heappop(self.by_size)
        return (self.by_size[0][1], -self.by_size[0][0]) if self.by_size else (self.floor, 0)

    def above(self, address):
        """The blocks that begin at an address or above."""
        return self.blocks[bisect_left(self.blocks, (address,)):]

    def _end_before(self, place):
        return self.blocks[place - 1][1] if place > 0 else self.floor

    def _refuse_overlap(self, place, start, end):
        if place > 0 and self.blocks[place - 1][1] > start:
            raise Overlap(self.blocks[place - 1])
        if place < len(self.blocks) and self.blocks[place][0] < end:
            raise Overlap(self.blocks[place])

    def _set_hole(self, start, end):
        if end > start:
            self.holes[start] = end - start
            heappush(self.by_size, (start - end, start))
        else:
            self.holes.pop(start, None)
