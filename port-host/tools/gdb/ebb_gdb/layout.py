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
    ("headroom", NUMBER),
    ("end_of_lists", NUMBER),
    ("bins", NUMBER),  # an array: see CLASSES
    ("peak_live", NUMBER),
    ("highest", BYTE),
    ("strategy", BYTE),
    ("is_adaptive", BYTE),
    ("is_buried", BYTE),
    ("is_returned", BYTE),
    ("extent", SIZE),
    ("idle", SIZE),
    ("fresh", SIZE),
    ("spare", SIZE),
    ("lot", SIZE),
    ("return_above", SIZE),
    ("patience", SIZE),
    ("wait", SIZE),
    ("move_price", COUNTER),
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
    def size_shift(self):
        """How far a size in a header is shifted, to leave room for flags."""
        return 1 if self.granule // self.number < 4 else 0

    @property
    def largest_region(self):
        """In bytes: what a number can say, and what the difference of two addresses can be."""
        reach = ((1 << 8 * self.number) - 1 >> self.size_shift) * self.number
        return min(reach, (1 << 8 * self.pointer - 1) - 1) // self.granule * self.granule

    @property
    def smallest_block(self):
        """In bytes: header, two links and a footer."""
        return self.round_up(self.header_size + 3 * self.number)

    def round_up(self, size):
        return -(-size // self.granule) * self.granule

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
        """Bytes from the start to the payload of the lowest block: its header follows the control block."""
        return self.geometry.round_up(self.control_size + self.geometry.header_size)


def declared_layout(geometry):
    """The layout that follows from the declaration above."""
    sizes = {NUMBER: geometry.number, SIZE: geometry.pointer, POINTER: geometry.pointer, COUNTER: 4, BYTE: 1}
    members = {}
    end = 0
    for name, kind in CONTROL_BLOCK:
        size = sizes[kind]
        count = CLASSES[geometry.number] if name == "bins" else 1
        offset = -(-end // size) * size
        members[name] = Member(offset, size, count)
        end = offset + size * count
    widest = max(member.size for member in members.values())
    return Layout(geometry, members, -(-end // widest) * widest)


def layout_of_members(members, control_size, granule, pointer):
    """The layout that debug information tells; None if it is that of another version of the core, or has seals."""
    if any(name not in members for name, _ in CONTROL_BLOCK) or any(name.startswith("key") for name in members):
        return None
    return Layout(Geometry(members["bins"].size, granule, pointer), members, control_size)


def control_is_sound(layout, control):
    """Whether what a control block says can be true; `control` has the values of its members."""
    geometry = layout.geometry
    return (
        control["extent"] % geometry.granule == 0
        and region_bytes(layout, control) <= control["maximum"] <= geometry.largest_region
        and control["extent"] <= control["fresh"] <= geometry.round_up(control["extent"] + control["idle"])
        and control["strategy"] < len(STRATEGIES)
        and control["highest"] < CLASSES[geometry.number]
        and control["store"] != 0
    )


def live_bytes(layout, control):
    return (control["peak_live"] - control["headroom"]) * layout.geometry.number


def peak_live_bytes(layout, control):
    return control["peak_live"] * layout.geometry.number


def figures_are_sound(layout, control, live):
    """Whether the statistics fit `live` bytes in use."""
    return (
        live_bytes(layout, control) == live
        and control["headroom"] <= control["peak_live"]
        and region_bytes(layout, control) <= control["peak_region"]
    )


def region_bytes(layout, control):
    return layout.first + control["extent"] + control["idle"]


def store_of(memory, layout, control):
    """What a heap's store has for `grow` and `granule`: see struct ebb_store."""
    pointer = layout.geometry.pointer
    return memory.number_at(control["store"], pointer), memory.number_at(control["store"] + 3 * pointer, pointer)


# ---- Headers ----

USED, LEFT_USED, FLAGS = 1, 2, 3


@dataclass(frozen=True)
class Header:
    """What the header of a block says; the size is in bytes."""

    size: int
    is_used: bool
    left_is_used: bool


def header_of(geometry, word):
    size = ((word & ~FLAGS) >> geometry.size_shift) * geometry.number
    return Header(size, bool(word & USED), bool(word & LEFT_USED))


def header_word(geometry, size, flags):
    """The header of a block of so many bytes."""
    return (size // geometry.number << geometry.size_shift) | flags


def footer_bytes(geometry, number):
    """The bytes of a free block, by its footer."""
    return number * geometry.number


# ---- Lists ----

LOOSE, NONE = 0, 0
EXACT_CLASSES = 8


def payload_at(geometry, link):
    """How many bytes above the start of the heap the payload of the block lies that a link leads to."""
    return link * geometry.number + geometry.header_size


def link_to(geometry, payload):
    """The link to the block whose payload lies so many bytes above the start."""
    return (payload - geometry.header_size) // geometry.number


def may_have_blocks(control, index):
    """Whether the control block allows that a list has any."""
    return index <= control["highest"]


def class_of(geometry, size):
    """The list that a free block of so many bytes belongs to, unless it is the loose one."""
    granules = size // geometry.granule
    if granules < EXACT_CLASSES:
        return granules
    doublings = granules.bit_length() - EXACT_CLASSES.bit_length()
    return EXACT_CLASSES + 2 * doublings + (granules >> doublings >= EXACT_CLASSES * 3 // 2)
