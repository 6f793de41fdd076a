# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Events: what a frame says. core/recorder/source/event.h has the format."""

from dataclasses import dataclass
from enum import IntEnum

from .frames import Damaged, read_number


class Kind(IntEnum):
    """What happened; the first five are numbered as in a trace."""

    ALLOCATED = 0
    FREED = 1
    RESIZED = 2
    ZEROED = 3
    ALIGNED = 4
    MOVED = 5
    FAILED = 6
    MARK = 7


class Mark(IntEnum):
    """What is told beside calls."""

    START = 0
    END = 1
    SNAPSHOT = 2
    SNAPSHOT_ENDS = 3


VERSION = 1
LARGEST_ALIGNMENT_LOG2 = 31  # that a trace can have


class UnknownVersion(Exception):
    """The recorder is of a version that this decoder does not know."""


@dataclass
class Event:
    """One event; which of the fields mean something depends on the kind."""

    kind: Kind
    block: int = 0
    size: int = 0
    alignment_log2: int = 0
    moved_to: int = 0
    mark: Mark = Mark.START
    geometry: tuple = ()  # granule, header, pointer: bytes


class Reader:
    """The events of one frame."""

    def __init__(self, content):
        self.content = content
        self.position = 0
        self.block = 0

    def number(self):
        number, self.position = read_number(self.content, self.position)
        return number

    def size(self):
        """A recorder tells 0 as 1."""
        size = self.number()
        if size == 0:
            raise Damaged
        return size

    def alignment_log2(self):
        logarithm = self.number()
        if logarithm > LARGEST_ALIGNMENT_LOG2:
            raise Damaged
        return logarithm

    def step(self, distance):
        """The block at a distance from the one before."""
        self.block += -(distance >> 1) - 1 if distance & 1 else distance >> 1
        return self.block

    def mark(self, number):
        try:
            mark = Mark(number)
        except ValueError as error:
            raise Damaged from error
        if mark != Mark.START:
            return Event(Kind.MARK, mark=mark)
        version = self.number()
        if version != VERSION:
            raise UnknownVersion(version)
        return Event(Kind.MARK, mark=mark, geometry=(self.number(), self.number(), self.number()))

    def event(self):
        head = self.number()
        kind = Kind(head & 7)
        if kind == Kind.MARK:
            return self.mark(head >> 3)
        if kind == Kind.FAILED:
            return Event(kind, size=self.size())
        event = Event(kind, block=self.step(head >> 3))
        if kind == Kind.MOVED:
            event.moved_to = self.step(self.number())
        if kind != Kind.FREED:
            event.size = self.size()
        if kind == Kind.ALIGNED:
            event.alignment_log2 = self.alignment_log2()
        return event

    def all(self):
        events = []
        while self.position < len(self.content):
            events.append(self.event())
        return events


def events_of(frame):
    """A list of the events of a frame. Raises Damaged if it is none of the recorder's."""
    return Reader(frame.events).all()
