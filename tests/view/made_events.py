# SPDX-License-Identifier: Apache-2.0 OR MIT
"""made_events.py OPERATIONS [MAXIMUM]: writes events of as many operations, always the same, by a first-fit heap.

For tests that need more operations than a recorded trace has, and what such a trace lacks: sites, requests that fail.
"""

import json
import random
import sys

HEADER, GRANULE, FLOOR = 2, 8, 176
STEP = 1024  # bytes that the region moves by
SLOTS = 600
SITES = ("network.c:receive", "timer.c:arm", "json.c:parse", "log.c:append", "ui.c:draw", "radio.c:queue",
         "main.c:init", "cache.c:fill", "sensor.c:sample", "flash.c:page")


class FirstFit:
    """Blocks in order of addresses; the region ends at a multiple of STEP and never beyond `maximum`."""

    def __init__(self, maximum):
        self.maximum = maximum
        self.blocks = []  # (start, end), sorted
        self.region = STEP

    def place(self, size):
        """Where a block of `size` bytes goes, None if it fits nowhere."""
        end = FLOOR
        for start, other_end in self.blocks:
            if start - end >= size:
                return end
            end = other_end
        return end if end + size <= self.maximum else None

    def allocate(self, size):
        start = self.place(size)
        if start is not None:
            self.blocks.append((start, start + size))
            self.blocks.sort()
        return start

    def free(self, start):
        self.blocks = [block for block in self.blocks if block[0] != start]

    def end(self):
        return self.blocks[-1][1] if self.blocks else FLOOR

    def move(self):
        """Moves the end of the region to where it has to be; returns where it was."""
        before = self.region
        needed = -(-self.end() // STEP) * STEP
        if needed > before or needed < before - 2 * STEP:
            self.region = needed
        return before


class Program:
    """Allocates and frees by chance, more of both at times."""

    def __init__(self, maximum):
        self.random = random.Random(1)
        self.heap = FirstFit(maximum)
        self.slots = {}  # slot -> (start, block, requested)
        self.live = 0

    def step(self, index):
        slot = self.random.randrange(60 + (index // 2000 % 7) * (SLOTS - 60) // 7)
        if slot in self.slots and self.random.random() < 0.2:
            return self.resize(slot)
        return self.free(slot) if slot in self.slots else self.allocate(slot, "a")

    def requested(self):
        return min(int(self.random.paretovariate(0.9) * 6), 3000)

    def allocate(self, slot, kind):
        requested = self.requested()
        block = -(-(requested + HEADER) // GRANULE) * GRANULE
        start = self.heap.allocate(block)
        if start is None:
            return "x", slot, None, 0, requested
        self.slots[slot] = (start, block, requested)
        self.live += requested
        return kind, slot, start + HEADER, block, requested

    def release(self, slot):
        start, block, requested = self.slots.pop(slot)
        self.heap.free(start)
        self.live -= requested
        return start, block

    def free(self, slot):
        start, block = self.release(slot)
        return "f", slot, start + HEADER, block, 0

    def resize(self, slot):
        """A realloc, always with a move; if that fails the block is freed instead."""
        self.release(slot)
        result = self.allocate(slot, "r")
        return result if result[0] == "r" else ("f", slot, None, 0, 0)


def events(operations, maximum=1 << 16):
    """The head and then every operation and move, as JSON values."""
    program = Program(maximum)
    yield {"trace": "made", "geometry": "16/8", "granule": GRANULE, "header": HEADER, "maximum": maximum,
           "operations": operations}
    for index in range(operations):
        kind, slot, address, block, requested = program.step(index)
        before = program.heap.move()
        region = program.heap.region
        if region != before:
            yield ["m", index, before, region]
        site = [SITES[slot % len(SITES)]] if kind in "ar" else []
        yield [index, kind, slot, address, block, requested, region, program.heap.end() + HEADER, None,
               program.live, *site]


def main():
    for event in events(*map(int, sys.argv[1:])):
        print(json.dumps(event, separators=(",", ":")))


if __name__ == "__main__":
    main()
