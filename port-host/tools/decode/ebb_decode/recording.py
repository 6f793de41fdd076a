# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Recordings: from what came through to the calls of a program, and what is known to be missing."""

from dataclasses import dataclass, field

from .blocks import Blocks
from .events import Kind, Mark, events_of
from .frames import Damaged, Frame, parts_of

COUNTER = 1 << 32  # where the recorder's count of events wraps around


@dataclass
class Loss:
    """So many events are missing after so many that came through."""

    after: int
    events: int


@dataclass
class Recording:
    """From the start of a recorder to its end, or to the start of the next one."""

    blocks: Blocks = field(default_factory=Blocks)
    events: int = 0   # that came through
    expected: int = 0  # number of the next event
    frame_bytes: int = 0
    losses: list = field(default_factory=list)
    has_end: bool = False

    def take(self, frame, events):
        missing = (frame.first - self.expected) % COUNTER
        if missing:
            self.losses.append(Loss(self.events, missing))
            self.blocks.lose_track()
        for event in events:
            self.take_event(event)
        self.events += len(events)
        self.expected = (frame.first + len(events)) % COUNTER
        # Two zeroes, the byte that replaces them, the check: what the frame took beside its events and their number.
        self.frame_bytes += len(frame.events) + len_of_number(frame.first) + 5

    def take_event(self, event):
        if event.kind != Kind.MARK:
            self.blocks.take(event)
        elif event.mark == Mark.START:
            self.blocks.set_geometry(event.geometry)
        elif event.mark == Mark.END:
            self.has_end = True
        elif event.mark == Mark.SNAPSHOT:
            self.blocks.begin_snapshot()
        else:
            self.blocks.end_snapshot()

    def begins_before(self, frame, events):
        """Whether a frame belongs to a later recording: it starts one, or its number lies behind."""
        starts = events[0].kind == Kind.MARK and events[0].mark == Mark.START
        return self.events != 0 and (starts or (frame.first - self.expected) % COUNTER > COUNTER // 2)


def len_of_number(number):
    return max(1, -(-number.bit_length() // 7))


@dataclass
class Stream:
    """All that a stream of bytes holds."""

    recordings: list = field(default_factory=list)
    text: bytearray = field(default_factory=bytearray)
    damaged_bytes: int = 0

    def take_frame(self, frame):
        events = events_of(frame)
        if not events:
            raise Damaged
        if not self.recordings or self.recordings[-1].begins_before(frame, events):
            self.recordings.append(Recording())
        self.recordings[-1].take(frame, events)

    def take(self, part):
        if isinstance(part, Frame):
            self.take_frame(part)
        elif part.is_text:
            self.text += part.content
        else:
            self.damaged_bytes += len(part.content)


def decode(content):
    """What a stream of bytes holds."""
    stream = Stream()
    for part in parts_of(content):
        try:
            stream.take(part)
        except Damaged:
            # The check was right by chance.
            stream.damaged_bytes += len(part.events)
    return stream
