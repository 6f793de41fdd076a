# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The least memory that a script needs."""

STEP = 8  # bytes
MOST = 416 * 1024  # of the app's block, less stack, static memory and what is the kernel's
TRIED_ABOVE = 8  # per cent, one by one


def bisect(completes, too_small, enough):
    """The smallest limit in steps between two of which it is known that one is too small and one is enough."""
    while enough - too_small > STEP:
        middle = (too_small + enough) // 2 // STEP * STEP
        if completes(middle):
            enough = middle
        else:
            too_small = middle
    return enough


def find(completes):
    """
    The smallest limit that is enough, while STEP less is not; None if even the most is not.

    A collector runs more often when memory is short, so that now and then more memory is not enough where less is. So
    some limits above are tried too, and what has to be paid for is the one above the last that was not enough.
    """
    if not completes(MOST):
        return None
    smallest = bisect(completes, 0, MOST)
    for percent in range(TRIED_ABOVE, 0, -1):
        above = min(smallest * (100 + percent) // 100 // STEP * STEP, MOST)
        if not completes(above):
            return bisect(completes, above, min(smallest * (101 + percent) // 100 // STEP * STEP + STEP, MOST))
    return smallest
