# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What ebb-view makes of events, before it draws anything."""

import base64
import os
import random
import sys
import unittest
import zlib

sys.path.insert(0, os.environ["EBB_VIEW"])

from ebb_view.coverage import Coverage  # noqa: E402
from ebb_view.events import read_events  # noqa: E402
from ebb_view.failure import Failure  # noqa: E402
from ebb_view.history import build_history  # noqa: E402
from ebb_view.occupancy import Occupancy, Overlap  # noqa: E402
from ebb_view.pack import as_bytes, pack  # noqa: E402

import few_events  # noqa: E402
import made_events  # noqa: E402


def history_of(values):
    return build_history(*read_events(few_events.as_lines(values)))


class Lives(unittest.TestCase):
    def setUp(self):
        self.history = history_of([few_events.HEAD, *few_events.EVENTS])

    def test_each_block_lives_from_its_operation_to_the_one_that_ended_it(self):
        self.assertEqual(
            [(life.slot, life.kind, life.start, life.end, life.address, life.size, life.requested)
             for life in self.history.lives],
            [(0, "a", 0, 4, 176, 16, 10), (1, "c", 1, 3, 192, 32, 30), (2, "a", 2, 10, 224, 64, 50),
             (0, "r", 4, 9, 288, 400, 390), (4, "l", 6, 7, 704, 128, 100)],
        )

    def test_a_realloc_goes_on_with_the_block_and_its_site(self):
        self.assertEqual([life.first for life in self.history.lives], [0, 1, 2, 0, 4])
        self.assertEqual(self.history.lives[3].site, "main.c:10")

    def test_the_control_block_ends_where_the_lowest_block_begins(self):
        self.assertEqual(self.history.floor, 174)

    def test_moves_and_failures_are_kept(self):
        self.assertEqual([(move.index, move.old, move.new) for move in self.history.moves],
                         [(0, 0, 512), (4, 512, 1024), (9, 1024, 512)])
        self.assertEqual([(each.index, each.requested) for each in self.history.failures], [(5, 60000)])

    def test_what_was_not_measured_is_derived(self):
        # The idle end, but for 3 to 9 the hole of 32 is no match for it.
        self.assertEqual(self.history.series["largest_free"], [320, 288, 224, 224, 336, 336, 192, 336, 336, 224])

    def test_what_keeps_the_end_up(self):
        # The hole is 32 after operation 3, below the block of 64 alone, and 48 from 4 to 9: then with 400 above, and at
        # 6 also with 128, and at 9 alone again.
        shares = {2: 32 + 48 * (4 * 64 / 464 + 64 / 592 + 1), 3: 48 * (4 * 400 / 464 + 400 / 592), 4: 48 * 128 / 592}
        expected = sorted(((number, round(cost / 10)) for number, cost in shares.items()), key=lambda pin: -pin[1])
        self.assertEqual(self.history.pins, expected)

    def test_operations_may_be_counted_from_any_number(self):
        moved = [[value[0], value[1] + 100, *value[2:]] if value[0] == "m" else [value[0] + 100, *value[1:]]
                 for value in few_events.EVENTS]
        history = history_of([few_events.HEAD, *moved])
        self.assertEqual(history.first_index, 100)
        self.assertEqual(history.lives, self.history.lives)
        self.assertEqual([move.index for move in history.moves], [0, 4, 9])


class Mistakes(unittest.TestCase):
    """Each is found, and the line is named."""

    def refuse(self, pattern, *lines):
        with self.assertRaisesRegex(Failure, pattern):
            build_history(*read_events(lines))

    def refuse_events(self, pattern, *events):
        self.refuse(pattern, *few_events.as_lines([few_events.HEAD, *events]))

    def test_nothing(self):
        self.refuse("empty")
        self.refuse("no operation", *few_events.as_lines([few_events.HEAD]))

    def test_something_else(self):
        self.refuse("line 1: not JSON", "MTR1\n")
        self.refuse("line 1: not events", "[1, 2]\n")
        self.refuse('line 1: "granule"', "{}\n")
        self.refuse('line 1: "granule" is 0', '{"granule": 0, "header": 2}\n')

    def test_a_cut_line(self):
        self.refuse("line 3: not JSON", *few_events.as_lines([few_events.HEAD, few_events.EVENTS[1]]), "[1,\"a\",")

    def test_wrong_elements(self):
        good = few_events.EVENTS[1]
        self.refuse_events("line 2: an operation has 10 or 11 elements, not 9", good[:9])
        self.refuse_events("line 2: there is no operation 'q'", [0, "q", *good[2:]])
        self.refuse_events("line 2: its slot", [0, "a", -1, *good[3:]])
        self.refuse_events("line 2: its slot", [0, "a", True, *good[3:]])
        self.refuse_events("line 2: its region", [*good[:6], None, *good[7:]])
        self.refuse_events("line 2: its address", [*good[:3], "0x1", *good[4:]])
        self.refuse_events("line 2: its region", [*good[:6], 10**400, *good[7:]])  # more than any machine has
        self.refuse_events("line 2: its site", [*good[:10], 7])
        self.refuse_events("line 2: a move is", ["m", 0, 1])
        self.refuse_events("line 2: neither", {"a": 1})
        self.refuse_events("line 2: neither", [])

    def test_contradictions(self):
        first = few_events.EVENTS[1]
        self.refuse_events("line 3: operation 2 follows operation 0", first, [2, *few_events.EVENTS[2][1:]])
        self.refuse_events("line 3: slot 0 already has a block", first, [1, "a", 0, 192, *first[4:]])
        self.refuse_events("line 3: the block of slot 1 overlaps that of slot 0", first, [1, "a", 1, 184, *first[4:]])
        self.refuse_events("line 2: a block of no size", [0, "a", 0, 176, 0, *first[5:]])
        self.refuse_events("before the start", [0, "a", 0, 1, *first[4:]])


class Holes(unittest.TestCase):
    def test_against_a_map_of_bytes(self):
        chance = random.Random(2)
        occupancy, taken, blocks = Occupancy(8), [False] * 400, {}
        for _ in range(3000):
            start = chance.randrange(8, 390)
            if start in blocks:
                size = blocks.pop(start)
                occupancy.remove(start)
                taken[start:start + size] = [False] * size
            else:
                self.add(occupancy, taken, blocks, start, chance.randrange(1, 10))
            start, size = occupancy.largest_hole()
            self.assertEqual(size, self.largest(taken))
            self.assertFalse(any(taken[start:start + size]))
            self.assertEqual([block[0] for block in occupancy.above(start)],
                             sorted(block for block in blocks if block >= start))

    def add(self, occupancy, taken, blocks, start, size):
        if any(taken[start:start + size]):
            with self.assertRaises(Overlap):
                occupancy.add(start, start + size, None)
            return
        occupancy.add(start, start + size, None)
        blocks[start] = size
        taken[start:start + size] = [True] * size

    def largest(self, taken):
        end = max((place for place in range(400) if taken[place]), default=8)
        holes = "".join("x" if each else "." for each in taken[8:end]).split("x")
        return max(map(len, holes))


class Packing(unittest.TestCase):
    def test_differences_in_sevens_of_bits(self):
        self.assertEqual(as_bytes([0, 1, 0, 64, 64 + 8192]), bytes([0, 2, 1, 0x80, 1, 0x80, 0x80, 1]))

    def test_it_is_deflated_base64(self):
        self.assertEqual(zlib.decompress(base64.b64decode(pack([5, 5, 5]))), bytes([10, 0, 0]))


class Covering(unittest.TestCase):
    def test_parts_of_cells(self):
        grid = Coverage(4, 2)
        grid.add(0.5, 3.25, 0.5, 2, 4)
        covered = [[round(part, 6) for part, _ in grid.cells(row)] for row in range(2)]
        self.assertEqual(covered, [[0.25, 0.5, 0.5, 0.125], [0.5, 1, 1, 0.25]])
        self.assertEqual([round(value / part, 6) for part, value in grid.cells(0)], [4, 4, 4, 4])

    def test_within_a_cell(self):
        grid = Coverage(2, 1)
        grid.add(0.25, 0.5, 0.25, 0.75, 1)
        self.assertEqual([part for part, _ in grid.cells(0)], [0.125, 0])


class Made(unittest.TestCase):
    def test_blocks_and_payload_agree(self):
        history = history_of(list(made_events.events(4000, 6000)))
        self.assertGreater(len(history.failures), 0)
        live = [0] * 4001
        for life in history.lives:
            live[life.start] += life.requested
            live[life.end] -= life.requested
        total = 0
        for operation in range(4000):
            total += live[operation]
            self.assertEqual(total, history.series["payload"][operation])


if __name__ == "__main__":
    unittest.main()
