# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes allocation traces. port-host/tools/trace/README.md has the format."""

import struct
from dataclasses import dataclass

FROM_64_BIT = 1
HAS_ALIGNED = 4
LIMIT = 1 << 32

FREE, ALIGNED = 1, 4


@dataclass
class Operation:
    """One call: the kinds are numbered as in the file; a free has no size."""

    kind: int
    slot: int
    size: int
    alignment_log2: int


class TooLarge(Exception):
    """A number does not fit the format."""


def number_bytes(number):
    if number >= LIMIT:
        raise TooLarge
    content = bytearray()
    while number >= 0x80:
        content.append(number & 0x7f | 0x80)
        number >>= 7
    content.append(number)
    return bytes(content)


def operation_bytes(operation):
    content = number_bytes(operation.slot << 3 | operation.kind)
    if operation.kind != FREE:
        content += number_bytes(operation.size)
    if operation.kind == ALIGNED:
        content += bytes([operation.alignment_log2])
    return content


class Tally:
    """What the header says of the operations."""

    def __init__(self, operations):
        self.sizes = {}
        self.live = self.peak = self.largest = 0
        for operation in operations:
            self.add(operation)
        self.slots = 1 + max((operation.slot for operation in operations), default=-1)
        self.has_aligned = any(operation.kind == ALIGNED for operation in operations)

    def add(self, operation):
        self.live += operation.size - self.sizes.get(operation.slot, 0)
        self.sizes[operation.slot] = operation.size
        self.peak = max(self.peak, self.live)
        self.largest = max(self.largest, operation.size)


def trace_bytes(operations, pointer):
    """The whole file; `pointer` is the size of one, in bytes."""
    stream = b"".join(map(operation_bytes, operations))
    tally = Tally(operations)
    flags = (FROM_64_BIT if pointer == 8 else 0) | (HAS_ALIGNED if tally.has_aligned else 0)
    fields = (len(operations), tally.slots, tally.peak, flags, len(stream), tally.largest, tally.live)
    if max(fields) >= LIMIT:
        raise TooLarge
    return b"MTR1" + struct.pack("<7I", *fields) + stream
