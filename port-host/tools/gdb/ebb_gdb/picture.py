# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A heap as a picture of characters, each of which stands for the same number of bytes."""

from .heap import Damage, Kind
from .memory import Unreadable

CHARACTERS = {Kind.USED: "#", Kind.FREE: ".", Kind.TOP: "-", Kind.GAP: "x"}
CONTROL, MIXED, UNKNOWN = "c", "+", "?"

LEGEND = "# used   . free   + both   - idle end   x somebody else's   c control block   ? damaged beyond"


def bytes_for_one(heap, characters):
    """The smallest power of two of granules with which the region takes no more characters."""
    one = heap.geometry.granule
    while (heap.end - heap.address) > one * characters:
        one *= 2
    return one


class Row:
    """All characters of the picture, in one row."""

    def __init__(self, heap, one):
        self.heap = heap
        self.one = one
        self.characters = [UNKNOWN] * -(-(heap.end - heap.address) // one)
        self.filled = [False] * len(self.characters)

    def paint(self, start, end, character):
        """Paints what lies from one address to before another."""
        if start >= end:
            return
        first = (start - self.heap.address) // self.one
        last = (end - 1 - self.heap.address) // self.one
        for index in range(first, min(last + 1, len(self.characters))):
            self.characters[index] = self._blend(index, character)
            self.filled[index] = True

    def _blend(self, index, character):
        before = self.characters[index]
        if not self.filled[index] or before == character:
            return character
        # What is rare must not vanish behind what is common.
        for rare in (CHARACTERS[Kind.GAP], CONTROL):
            if rare in (before, character):
                return rare
        idle = CHARACTERS[Kind.TOP]
        if idle in (before, character):
            return before if character == idle else character
        return MIXED


def paint(heap, one):
    row = Row(heap, one)
    row.paint(heap.address, heap.first, CONTROL)
    try:
        for block in heap.blocks():
            # From payload to payload: a block's header lies in the granule before.
            row.paint(block.address, block.address + block.size, CHARACTERS[block.kind])
    except (Damage, Unreadable):
        pass
    return "".join(row.characters)


def picture(heap, width, height):
    """The lines of a picture of at most so many characters; each begins with the address of its first byte."""
    one = bytes_for_one(heap, width * height)
    row = paint(heap, one)
    lines = [f"each character is {one} bytes", LEGEND]
    for start in range(0, len(row), width):
        lines.append(f"{heap.address + start * one:#x}  {row[start:start + width]}")
    return lines
