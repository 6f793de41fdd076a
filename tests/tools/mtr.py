# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads traces without the project's own reader, so that one can be held against the other."""

import collections
import heapq
import struct

MALLOC, FREE, REALLOC, CALLOC, ALIGNED = range(5)
SITE, NAME = 5, 6
HEADER = struct.Struct("<4s7I")

Operation = collections.namedtuple("Operation", "kind slot size alignment")


class Trace:
    """All of a trace: the header's fields, and `operations`."""

    def __init__(self, content):
        (self.magic, self.count, self.slots, self.peak, self.flags, length, self.largest,
         self.live_at_end) = HEADER.unpack_from(content)
        assert self.magic == b"MTR1", self.magic
        assert length == len(content) - HEADER.size, f"{length} bytes of operations, says the header"
        self.names = {}  # site -> all names that it had
        self.sites = []  # of each operation, or None
        self.operations = list(self.read_operations(content, HEADER.size))
        self.check()

    @classmethod
    def read(cls, path):
        with open(path, "rb") as file:
            return cls(file.read())

    def check(self):
        """Whether the figures are true and the lowest free slot is always the next one used."""
        free, sizes, live, peak = [], {}, 0, 0
        used = 0
        for operation in self.operations:
            if operation.kind in (FREE, REALLOC):
                assert operation.slot in sizes, f"{operation}: no block there"
            else:
                lowest = heapq.heappop(free) if free else used
                used = max(used, lowest + 1)
                assert operation.slot == lowest, f"{operation}: slot {lowest} is free"
            live += operation.size - sizes.pop(operation.slot, 0)
            if operation.kind == FREE:
                heapq.heappush(free, operation.slot)
            else:
                sizes[operation.slot] = operation.size
            peak = max(peak, live)
        largest = max((operation.size for operation in self.operations), default=0)
        found = (len(self.operations), used, peak, largest, live)
        said = (self.count, self.slots, self.peak, self.largest, self.live_at_end)
        assert found == said, f"count, slots, peak, largest, live are {found}, the header says {said}"

    def read_operations(self, content, position):
        """The operations; what stands between them is noted."""
        site = None
        while position < len(content):
            head, position = read_number(content, position)
            if head & 7 == SITE:
                site = head >> 3
                assert site in self.names, f"site {site} has no name"
            elif head & 7 == NAME:
                length, position = read_number(content, position)
                self.names.setdefault(head >> 3, []).append(content[position:position + length].decode())
                position += length
            else:
                operation, position = read_operation(head, content, position)
                self.sites.append(site)
                site = None
                yield operation

    def callers(self, size):
        """The last names of the sites of all operations of that size, in order, each a list of callers."""
        return [self.names[site][-1].split("\n") for operation, site in zip(self.operations, self.sites)
                if operation.size == size]

    def sizes(self):
        """How often each size is allocated anew."""
        return collections.Counter(operation.size for operation in self.operations
                                   if operation.kind not in (FREE, REALLOC))

    def between(self, begin, end):
        """The operations between two blocks of these sizes, each of which is freed at once."""
        sizes = [operation.size for operation in self.operations]
        return self.operations[sizes.index(begin) + 2:sizes.index(end)]


def read_number(content, position):
    number = shift = 0
    while True:
        byte = content[position]
        number |= (byte & 0x7f) << shift
        shift += 7
        position += 1
        if byte < 0x80:
            return number, position


def read_operation(head, content, position):
    kind, size, alignment = head & 7, 0, 0
    if kind != FREE:
        size, position = read_number(content, position)
    if kind == ALIGNED:
        alignment = 1 << content[position]
        position += 1
    return Operation(kind, head >> 3, size, alignment), position
