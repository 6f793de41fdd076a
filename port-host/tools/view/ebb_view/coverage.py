# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How much of each cell of a grid of operations and addresses blocks cover; page/coverage.mjs does the same."""

from itertools import accumulate


class Coverage:
    """Cells hold differences to the cell before, so that a block costs the same however long it lives."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        # Two cells more in each row, for what is added right of the last one.
        self.covered = [[0.0] * (columns + 2) for _ in range(rows)]
        self.weighted = [[0.0] * (columns + 2) for _ in range(rows)]

    def add(self, left, right, top, bottom, value):
        """Covers a rectangle, in cells, row 0 on top; `value` is averaged over what covers a cell."""
        row = int(top)
        while row < bottom:
            part = min(bottom, row + 1) - max(top, row)
            add_span(self.covered[row], left, right, part)
            add_span(self.weighted[row], left, right, part * value)
            row += 1

    def cells(self, row):
        """For each cell of a row: how much of it is covered, and the sum of the values weighted with that."""
        columns = self.columns
        return zip(list(accumulate(self.covered[row]))[:columns], list(accumulate(self.weighted[row]))[:columns])


def add_span(differences, left, right, weight):
    first, last = int(left), int(right)
    differences[first] += (first + 1 - left) * weight
    differences[first + 1] += (left - first) * weight
    differences[last] -= (last + 1 - right) * weight
    differences[last + 1] -= (right - last) * weight
