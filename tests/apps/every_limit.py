# SPDX-License-Identifier: Apache-2.0 OR MIT

"""
With which limits on its heap a script runs to its end: all multiples of STEP, without a run for each.

A run is told of its limit by refusals alone. So with every limit that is not below what it took, and below the lowest
that it was refused, it would have been the same. Such limits are a stretch; stretches without a multiple of STEP are
left out.
"""

from dataclasses import dataclass, replace
from math import inf

STEP = 72  # bytes, as app/main.c has it: no power of two, so that it is in step with nothing that a heap has
START = 0.8  # of what bisection found, so that it is seldom necessary to go on below
IN_VAIN = 0.15  # of the least: as far below it, no limit may be enough
ROUGHLY = 1 / 64
TOGETHER = 64  # runs that the board does one after the other


@dataclass(frozen=True)
class Stretch:
    """The limits from `begin` on that are below `end`, and whether they are enough."""

    enough: bool
    begin: int
    end: float  # inf if nothing was refused

    def tried(self):
        """How many multiples of STEP are among them."""
        return (round_up(self.end) - round_up(self.begin)) // STEP


def round_up(limit):
    return limit if limit == inf else -(-limit // STEP) * STEP


def round_down(limit):
    return int(limit) // STEP * STEP


def rough_least(run, most):
    """A limit that is enough, with another just below it that is not; `run(limit, count)` is as in `survey()`."""
    too_small, enough = 0, most
    while enough - too_small > most * ROUGHLY:
        middle = (too_small + enough) // 2
        if run(middle, 1)[0].enough:
            enough = middle
        else:
            too_small = middle
    return enough


def sweep(run, begin, end):
    """The stretches of the limits from `begin` on that are below `end`; both are multiples of STEP, or `end` is inf."""
    stretches = []
    limit = begin
    while limit < end:
        stretches += run(limit, TOGETHER)
        limit = round_up(stretches[-1].end)
    return [replace(stretch, begin=max(stretch.begin, begin), end=min(stretch.end, end))
            for stretch in stretches if stretch.begin < end]


def least(stretches):
    """The smallest limit that is enough."""
    return next(stretch.begin for stretch in stretches if stretch.enough)


def safe(stretches):
    """The smallest limit from which on all are enough."""
    last_failure = max(number for number, stretch in enumerate(stretches) if not stretch.enough)
    return stretches[last_failure + 1].begin


def typical(stretches):
    """The least, and STEP more for each multiple of it above that is not enough."""
    lowest = least(stretches)
    return lowest + STEP * sum(stretch.tried() for stretch in stretches
                               if not stretch.enough and stretch.begin > lowest)


def survey(run):
    """
    The stretches from well below the least to the last, in their order; None if no limit is enough.

    `run(limit, count)` does up to so many runs, the first with this limit, 0 for none, each other with the next
    multiple of STEP of which it is not known yet what happens. It returns their stretches, one at least.
    """
    unlimited = run(0, 1)[0]
    if not unlimited.enough:
        return None
    begin = round_down(START * rough_least(run, unlimited.begin))
    stretches = sweep(run, begin, inf)
    while (1 - IN_VAIN) * least(stretches) < begin:
        further = round_down((1 - IN_VAIN) * least(stretches))
        stretches = sweep(run, further, begin) + stretches
        begin = further
    return stretches
