# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads what `ebb-replay --events` writes: one JSON value a line, and trusts none of them."""

import json
from dataclasses import dataclass

from .failure import Failure
from .progress import with_progress

ALLOCATIONS = "acl"
KINDS = ALLOCATIONS + "frx"
OPERATION_LENGTHS = (10, 11)
MOVE_LENGTH = 4


@dataclass(frozen=True)
class Operation:
    """One call of the allocator, and the heap after it. Sizes are bytes, addresses bytes from the region's start."""

    line: int
    index: int
    kind: str  # a malloc, c calloc, l aligned, r realloc, f free, x a request that failed
    slot: int
    address: int | None  # of the payload; None: there is no block
    size: int  # of the block, header included
    requested: int
    region: int
    top: int
    largest_free: int | None  # None: not measured
    payload: int
    site: str | None  # who called


@dataclass(frozen=True)
class Move:
    """The end of the region went from `old` to `new` bytes from its start, during the operation `index`."""

    index: int
    old: int
    new: int


@dataclass(frozen=True)
class Head:
    """The first line."""

    trace: str
    geometry: str
    granule: int
    header: int
    maximum: int | None
    operations: int | None


def is_number(value):
    """Whether a JSON value is a whole number of bytes, operations or slots, in 64 bits. A JSON true is not."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 64


def check(condition, line, text):
    if not condition:
        raise Failure(f"line {line}: {text}")


def parse(line, text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        # A trace would have been noticed: whoever named a file of another kind learns what is taken.
        neither = ", and no trace either" if line == 1 else ""
        raise Failure(f"line {line}: not JSON{neither}: {error}") from None


def read_head(value):
    """The head that the first line's value describes."""
    check(isinstance(value, dict), 1, "not events: the first line is no object with the facts of a replay")
    for name in ("granule", "header"):
        check(is_number(value.get(name)), 1, f'"{name}" is no whole number')
    check(value["granule"] > 0, 1, '"granule" is 0')
    for name in ("maximum", "operations"):
        check(value.get(name) is None or is_number(value[name]), 1, f'"{name}" is neither null nor a whole number')
    return Head(
        trace=str(value.get("trace", "")),
        geometry=str(value.get("geometry", "")),
        granule=value["granule"],
        header=value["header"],
        maximum=value.get("maximum") or None,
        operations=value.get("operations"),
    )


def read_move(line, values):
    sound = len(values) == MOVE_LENGTH and all(map(is_number, values[1:]))
    check(sound, line, 'a move is ["m", operation, old, new]')
    return Move(*values[1:])


def read_operation(line, values):
    check(len(values) in OPERATION_LENGTHS, line, f"an operation has 10 or 11 elements, not {len(values)}")
    operation = Operation(line, *values, *[None] * (OPERATION_LENGTHS[1] - len(values)))
    check(operation.kind in KINDS and len(operation.kind) == 1, line, f"there is no operation {operation.kind!r}")
    for name in ("index", "slot", "requested", "region", "top", "payload"):
        check(is_number(getattr(operation, name)), line, f"its {name} is no whole number")
    for name in ("address", "size", "largest_free"):
        value = getattr(operation, name)
        check(value is None or is_number(value), line, f"its {name} is neither null nor a whole number")
    check(operation.site is None or isinstance(operation.site, str), line, "its site is no text")
    return operation


def read_line(line, text):
    values = parse(line, text)
    check(isinstance(values, list) and values, line, "neither an operation nor a move")
    if values[0] == "m":
        return read_move(line, values)
    check(len(values) > 1 and isinstance(values[1], str), line, "neither an operation nor a move")
    return read_operation(line, values)


def read_events(lines):
    """The head, and an iterator over operations and moves in the order of the file. Raises Failure on what is wrong."""
    numbered = ((number, text) for number, text in enumerate(lines, 1) if text.strip())
    number, text = next(numbered, (1, ""))
    check(text, 1, "empty: there are no events")
    head = read_head(parse(number, text))
    return head, (read_line(number, text) for number, text in with_progress(numbered, head.operations))
