# SPDX-License-Identifier: Apache-2.0 OR MIT
"""On a terminal, how far a long reading has come; nothing elsewhere."""

import sys

STEP = 20_000  # a second or less


def with_progress(lines, expected):
    """The same lines, of which `expected` operations are announced, or None."""
    shows = sys.stderr.isatty()
    count = 0
    for line in lines:
        count += 1
        if shows and count % STEP == 0:
            of = f" of {expected:,}" if expected else ""
            print(f"\r{count:,}{of} operations", end="", file=sys.stderr, flush=True)
        yield line
    if shows and count >= STEP:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
