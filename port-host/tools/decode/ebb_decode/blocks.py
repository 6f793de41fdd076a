# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The blocks that a program has, as far as its recording tells, and the calls that led there, as a trace has them.

A trace is to be sound whatever was lost: it never frees what it has not allocated, nor allocates twice what it has not
freed. So what must have happened unseen is put in where it shows.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from heapq import heappop, heappush

from .events import Kind
from .trace import Operation


@dataclass
class Block:
    """A block in use."""

    slot: int
    size: int
    seen: bool = False  # in the snapshot that is being told


@dataclass
class Blocks:
    """All blocks in use, by their number in the heap, and what happened to them so far."""

    operations: list = field(default_factory=list)
    calls: int = 0
    failed: int = 0
    unknown_freed: int = 0   # calls that freed what was not known as allocated, although nothing was lost
    unseen: int = 0          # allocations and frees that must have happened without being recorded
    pointer: int = 0         # bytes; 0: not known
    _granule: int = 0
    _header: int = 0
    _blocks: dict = field(default_factory=dict)
    _numbers: list = field(default_factory=list)  # of all blocks, in order
    _free_slots: list = field(default_factory=list)
    _in_snapshot: bool = False
    _lost_track: bool = False

    def set_geometry(self, geometry):
        self._granule, self._header, self.pointer = geometry

    def lose_track(self):
        """Events are missing here."""
        self._lost_track = True
        self._in_snapshot = False

    # ---- What the trace tells ----

    def _tell(self, kind, slot, size=0, alignment_log2=0):
        self.operations.append(Operation(kind, slot, size, alignment_log2))

    def _take_slot(self):
        return heappop(self._free_slots) if self._free_slots else len(self._blocks)

    def _allocate(self, number, kind, size, alignment_log2=0):
        slot = self._take_slot()
        self._enter(number, Block(slot, size))
        self._tell(kind, slot, size, alignment_log2)

    def _free(self, number):
        block = self._leave(number)
        heappush(self._free_slots, block.slot)
        self._tell(Kind.FREED, block.slot)

    def _enter(self, number, block):
        self._blocks[number] = block
        insort(self._numbers, number)

    def _leave(self, number):
        del self._numbers[bisect_left(self._numbers, number)]
        return self._blocks.pop(number)

    # ---- What must have happened unseen ----

    def _end_of(self, number, size):
        """The number of the first block that can come after one."""
        if not self._granule:
            return number + 1
        return number + max(1, -(-(size + self._header) // self._granule))

    def _end(self, number):
        """The same for a block that is known."""
        return self._end_of(number, self._blocks[number].size)

    def _free_what_overlaps(self, number, size, moved_from=None):
        """Where a block is now, no other can be."""
        first = bisect_left(self._numbers, number)
        while first > 0 and self._end(self._numbers[first - 1]) > number:
            first -= 1
        end = self._end_of(number, size)
        for other in [other for other in self._numbers[first:bisect_left(self._numbers, end)] if other != moved_from]:
            self._free(other)
            self.unseen += 1

    # ---- Events ----

    def take(self, event):
        if self._in_snapshot and event.kind == Kind.ALLOCATED:
            self._take_snapshot_of(event.block, event.size)
            return
        self.calls += 1
        if event.kind == Kind.FAILED:
            self.failed += 1
        elif event.kind == Kind.FREED:
            self._take_free(event)
        elif event.kind in (Kind.RESIZED, Kind.MOVED):
            self._take_resizing(event)
        else:
            self._free_what_overlaps(event.block, event.size)
            self._allocate(event.block, event.kind, event.size, event.alignment_log2)

    def _take_free(self, event):
        if event.block in self._blocks:
            self._free(event.block)
        elif not self._lost_track:
            self.unknown_freed += 1

    def _take_resizing(self, event):
        to = event.moved_to if event.kind == Kind.MOVED else event.block
        if event.block not in self._blocks:
            self.unseen += 1
            self._free_what_overlaps(to, event.size)
            self._allocate(to, Kind.ALLOCATED, event.size)
            return
        self._free_what_overlaps(to, event.size, moved_from=event.block)
        block = self._leave(event.block)
        block.size = event.size
        self._enter(to, block)
        self._tell(Kind.RESIZED, block.slot, event.size)

    # ---- Snapshots ----

    def begin_snapshot(self):
        self._in_snapshot = True
        for block in self._blocks.values():
            block.seen = False

    def _is_known(self, number, usable):
        """Whether what is known of a block can be what a snapshot shows: it may have a granule more than it needs."""
        block = self._blocks.get(number)
        return block is not None and block.size <= usable and (
            not self._lost_track or self._end_of(number, usable) <= self._end_of(number, block.size) + 1
        )

    def _take_snapshot_of(self, number, usable):
        """A block in use: what is known of it already is more than what a snapshot tells."""
        if not self._is_known(number, usable):
            # Before the first call it is no surprise.
            self.unseen += bool(self.calls)
            self._free_what_overlaps(number, usable)
            self._allocate(number, Kind.ALLOCATED, usable)
        self._blocks[number].seen = True

    def end_snapshot(self):
        if not self._in_snapshot:
            return
        for number in [number for number in self._numbers if not self._blocks[number].seen]:
            self._free(number)
            self.unseen += 1
        self._in_snapshot = False
        self._lost_track = False
