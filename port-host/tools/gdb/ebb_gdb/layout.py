# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What lies where in a heap: all that this extension knows of core/source/control.h, bins.h and block.h.

Where the program has debug information of the core, the places of the control block's members are taken from that, and
only their names have to be right here. Else they follow from the declaration below: each member lies at the next
multiple of its own size, as on all machines that ebb was built for. A test compares both.
"""

from dataclasses import dataclass, field

# ---- The control block ----

NUMBER, SIZE, POINTER, COUNTER, BYTE = "number", "size", "pointer", "counter", "byte"

CONTROL_BLOCK = (
    ("bins.end", NUMBER),
    ("bins.first", NUMBER),  # an array: see CLASSES
    ("top", NUMBER),
    ("idle", NUMBER),
    ("fresh", NUMBER),
    ("peak_live", NUMBER),
    ("headroom", NUMBER),
    ("spare", NUMBER),
    ("lot", NUMBER),
    ("return_above", NUMBER),
    ("store", POINTER),
    ("fault_handler", POINTER),
    ("fault_context", POINTER),
    ("maximum", SIZE),
    ("peak_region", SIZE),
    ("largest_request", SIZE),
    ("failed_requests", COUNTER),
    ("grows", COUNTER),
    ("shrinks", COUNTER),
    ("refusals", COUNTER),
    ("patience", SIZE),
    ("move_price", COUNTER),
    ("strategy", BYTE),
    ("reluctance", BYTE),
    ("marks", BYTE),
    ("slack", BYTE),
    ("highest", BYTE),
)

# Lists of free blocks, by the bytes of a number.
CLASSES = {2: 30, 4: 62}

STRATEGIES = ("grow and return", "grow only", "fixed")


@dataclass(frozen=True)
class Geometry:
    """What the core was built with, and for; all in bytes."""

    number: int
    granule: int
    pointer: int
    header: int = 0  # 0: as wide as a number

    @property
    def header_size(self):
        return self.header or self.number

    @property
    def largest_number(self):
        """The highest number that a granule can have: what links, sizes and addresses leave room for."""
        if self.number == 2:
            return 0xffff // (self.granule // 2)
        return 0xffffffff >> 2 if self.pointer == 8 else 0x7fffffff // self.granule

    @property
    def smallest_block(self):
        """In granules: header, two links and a footer."""
        return -(-(self.header_size + 3 * self.number) // self.granule)

    def __str__(self):
        return f"{self.number * 8}-bit numbers, granule {self.granule}"


@dataclass(frozen=True)
class Member:
    """A member of the control block: bytes from its start, bytes of one element, and how many there are."""

    offset: int
    size: int
    count: int = 1


@dataclass(frozen=True)
class Layout:
    """Where everything is."""

    geometry: Geometry
    members: dict = field(hash=False)
    control_size: int = 0

    @property
    def first(self):
        """The lowest number of a block: its header follows the control block."""
        return -(-(self.control_size + self.geometry.header_size) // self.geometry.granule)


def declared_layout(geometry):
    """The layout that follows from the declaration above."""
    sizes = {NUMBER: geometry.number, SIZE: geometry.pointer, POINTER: geometry.pointer, COUNTER: 4, BYTE: 1}
    members = {}
    end = 0
    for name, kind in CONTROL_BLOCK:
        size = sizes[kind]
        count = CLASSES[geometry.number] if name == "bins.first" else 1
        offset = -(-end // size) * size
        members[name] = Member(offset, size, count)
        end = offset + size * count
    widest = max(member.size for member in members.values())
    return Layout(geometry, members, -(-end // widest) * widest)


def layout_of_members(members, control_size, granule, pointer):
    """The layout that debug information tells; None if it is that of another version of the core."""
    if any(name not in members for name, _ in CONTROL_BLOCK):
        return None
    return Layout(Geometry(members["top"].size, granule, pointer), members, control_size)


def control_is_sound(layout, control):
    """Whether what a control block says can be true; `control` has the values of its members."""
    geometry = layout.geometry
    end = control["top"] + control["idle"]
    return (
        layout.first <= control["top"]
        and end <= geometry.largest_number
        and end * geometry.granule + control["slack"] <= control["maximum"]
        and control["top"] <= control["fresh"] <= end + 1
        and control["slack"] < geometry.granule
        and control["strategy"] < len(STRATEGIES)
        and control["store"] != 0
    )


def live_granules(control):
    return control["peak_live"] - control["headroom"]


def figures_are_sound(layout, control, live):
    """Whether the statistics fit `live` granules in use."""
    return (
        live_granules(control) == live
        and control["headroom"] <= control["peak_live"]
        and region_bytes(layout, control) <= control["peak_region"]
    )


def region_bytes(layout, control):
    return (control["top"] + control["idle"]) * layout.geometry.granule + control["slack"]


def store_of(memory, layout, control):
    """What a heap's store has for `grow` and `granule`: see struct ebb_store."""
    pointer = layout.geometry.pointer
    return memory.number_at(control["store"], pointer), memory.number_at(control["store"] + 3 * pointer, pointer)


# ---- Headers ----

USED, LEFT_USED, SIZE_SHIFT = 1, 2, 2


@dataclass(frozen=True)
class Header:
    """What the header of a block says; the size is in granules."""

    size: int
    is_used: bool
    left_is_used: bool


def header_of(word):
    return Header(word >> SIZE_SHIFT, bool(word & USED), bool(word & LEFT_USED))


# ---- Lists ----

LOOSE, NONE = 0, 0
EXACT_CLASSES = 8


def may_have_blocks(control, index):
    """Whether the control block allows that a list has any."""
    return index <= control["highest"]


def class_of(size):
    """The list that a free block of so many granules belongs to, unless it is the loose one."""
    if size < EXACT_CLASSES:
        return size
    doublings = size.bit_length() - EXACT_CLASSES.bit_length()
    return EXACT_CLASSES + 2 * doublings + (size >> doublings >= EXACT_CLASSES * 3 // 2)
