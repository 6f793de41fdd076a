# SPDX-License-Identifier: Apache-2.0 OR MIT
"""From events to lives: which block lay where, from when to when. And the heap's figures after each operation."""

from collections import Counter
from dataclasses import dataclass, field, replace

from .events import ALLOCATIONS, Move
from .failure import Failure
from .occupancy import Occupancy, Overlap

SERIES = ("region", "top", "largest_free", "payload")
MOST_PINS = 8
MOST_SAMPLES = 500  # of all blocks at a time


@dataclass
class Life:
    """A block at one place with one size. A realloc ends one and begins the next.

    It is there after operation `start` and before operation `end`, both counted from 0; `end` is the number of all
    operations if nothing ended it. `first` is the life that its block began with, `address` that of the payload.
    """

    number: int
    first: int
    slot: int
    kind: str
    start: int
    end: int
    address: int
    size: int
    requested: int
    site: str | None


@dataclass
class History:
    head: object
    first_index: int  # what the trace calls operation 0
    floor: int = 0  # where the first block may begin: the control block ends there
    operations: int = 0
    lives: list = field(default_factory=list)
    series: dict = field(default_factory=lambda: {name: [] for name in SERIES})
    moves: list = field(default_factory=list)  # their index counts from 0 too
    failures: list = field(default_factory=list)  # Operation, index from 0
    pins: list = field(default_factory=list)  # (life's number, its cost in bytes on average), the worst first


def separate(records):
    """Operations and moves; the operations' numbers must follow one another."""
    operations, moves = [], []
    for record in records:
        if isinstance(record, Move):
            moves.append(record)
            continue
        if operations and record.index != operations[-1].index + 1:
            raise Failure(f"line {record.line}: operation {record.index} follows operation {operations[-1].index}")
        operations.append(record)
    if not operations:
        raise Failure("there is no operation in it")
    return operations, moves


def lowest_start(operations, header):
    starts = [operation.address - header for operation in operations if begins_life(operation)]
    if starts and min(starts) < 0:
        raise Failure("a block's header lies before the start of the region")
    return min(starts, default=0)


def begins_life(operation):
    return operation.kind in ALLOCATIONS + "r" and operation.address is not None


class Builder:
    """Follows the operations one by one."""

    def __init__(self, history):
        self.history = history
        self.header = history.head.header
        self.occupancy = Occupancy(history.floor)
        self.in_slot = {}  # slot -> Life
        self.pinned = Counter()  # life's number -> bytes, summed over samples
        self.samples = range(0, history.operations, -(-history.operations // MOST_SAMPLES))

    def follow(self, operation, position):
        before = self.in_slot.get(operation.slot)
        if operation.kind == "x":
            self.history.failures.append(operation)
        elif operation.kind == "f":
            self.end_life(before, position)
        elif begins_life(operation):
            self.begin_life(operation, position, before)
        self.note_figures(operation)
        if position in self.samples:
            self.note_pins()

    def begin_life(self, operation, position, before):
        if before is not None and operation.kind != "r":
            raise Failure(f"line {operation.line}: slot {operation.slot} already has a block")
        if not operation.size:
            raise Failure(f"line {operation.line}: a block of no size")
        self.end_life(before, position)
        number = len(self.history.lives)
        life = Life(
            number=number,
            first=number if before is None else before.first,
            slot=operation.slot,
            kind=operation.kind,
            start=position,
            end=self.history.operations,
            address=operation.address,
            size=operation.size,
            requested=operation.requested,
            site=operation.site if before is None or operation.site else before.site,
        )
        self.place(life, operation)
        self.history.lives.append(life)
        self.in_slot[operation.slot] = life

    def place(self, life, operation):
        start = life.address - self.header
        try:
            self.occupancy.add(start, start + life.size, life)
        except Overlap as overlap:
            other = overlap.args[0][2]
            text = f"the block of slot {life.slot} overlaps that of slot {other.slot}"
            raise Failure(f"line {operation.line}: {text}") from None

    def end_life(self, life, position):
        if life is None:  # the request that should have made the block failed
            return
        self.occupancy.remove(life.address - self.header)
        life.end = position
        del self.in_slot[life.slot]

    def note_figures(self, operation):
        series = self.history.series
        series["region"].append(operation.region)
        series["top"].append(operation.top)
        series["payload"].append(operation.payload)
        series["largest_free"].append(self.largest_free(operation))

    def largest_free(self, operation):
        """As measured, or else as the blocks leave it: the largest request that would fit."""
        if operation.largest_free is not None:
            return operation.largest_free
        idle = operation.region - (operation.top - self.header)
        return max(max(self.occupancy.largest_hole()[1], idle) - self.header, 0)

    def note_pins(self):
        """What lies above the largest hole keeps it from going back. Each block has a share in it by its size."""
        hole, size = self.occupancy.largest_hole()
        if size == 0:
            return
        lives = [life for _, _, life in self.occupancy.above(hole)]
        total = sum(life.size for life in lives)
        for life in lives:
            self.pinned[life.number] += size * life.size / total

    def worst_pins(self):
        return [(number, round(cost / len(self.samples))) for number, cost in self.pinned.most_common(MOST_PINS)]


def build_history(head, records):
    """The history that events tell. Raises Failure if they contradict themselves."""
    operations, moves = separate(records)
    first = operations[0].index
    history = History(head, first, lowest_start(operations, head.header), len(operations))
    builder = Builder(history)
    for position, operation in enumerate(operations):
        builder.follow(operation, position)
    history.moves = [replace(move, index=max(move.index - first, 0)) for move in moves]
    history.failures = [replace(failure, index=failure.index - first) for failure in history.failures]
    history.pins = builder.worst_pins()
    return history
