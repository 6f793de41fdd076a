# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The least memory that a script needs."""

STEP = 8  # bytes
MOST = 416 * 1024  # of the app's block, less stack, static memory and what is the kernel's
TRIED_BELOW = range(176, 200)  # in 200ths: up to 12 % below
TRIED_ABOVE = (108, 106, 104, 102)


def round_down(limit):
    return limit // STEP * STEP


def bisect(completes, too_small, enough):
    """The smallest limit in steps between two of which it is known that one is too small and one is enough."""
    while enough - too_small > STEP:
        middle = round_down((too_small + enough) // 2)
        if completes(middle):
            enough = middle
        else:
            too_small = middle
    return enough


def further_below(completes, smallest):
    """A limit below that is enough as well, while STEP less is not; None if none of those tried is."""
    for part in TRIED_BELOW:
        below = round_down(smallest * part // 200)
        if completes(below):
            return bisect(completes, round_down(smallest * (part - 1) // 200), below)
    return None


def least(completes):
    """
    The smallest limit that was found to be enough, while STEP less is not; None if none is.

    Programs react to a refusal: a collector runs, a cache is given up. So less may do where more did not, and limits
    below what bisection found are tried too, until none of them is enough.
    """
    if not completes(MOST):
        return None
    below = bisect(completes, 0, MOST)
    while below is not None:
        smallest = below
        below = further_below(completes, smallest)
    return smallest


def safe(completes, smallest):
    """
    The smallest limit above the last of those above the least that was not enough after all; the least itself if all
    of them are.
    """
    for percent in TRIED_ABOVE:
        above = round_down(smallest * percent // 100)
        if not completes(above):
            return bisect(completes, above, round_down(smallest * (percent + 2) // 100) + STEP)
    return smallest
