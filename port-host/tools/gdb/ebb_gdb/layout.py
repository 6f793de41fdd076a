# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What lies where in a heap: all that this extension knows of core/source: control.h, bins.h, block.h, key.h, poison.h.

Where the program has debug information of the core, the places of the control block's members are taken from that, and
only their names have to be right here. Else they follow from the declaration below: each member lies at the next
multiple of its own size, as on all machines that ebb was built for. A test compares both.
"""

from dataclasses import dataclass, field

# ---- The control block ----

NUMBER, SIZE, POINTER, COUNTER, BYTE, KEY = "number", "size", "pointer", "counter", "byte", "key"

CONTROL_BLOCK = (
    ("headroom", NUMBER),
    ("end_of_lists", NUMBER),
    ("bins", NUMBER),  # an array: see Geometry.classes
    ("peak_live", NUMBER),
    ("highest", BYTE),
    ("is_scattered", BYTE),
    ("strategy", BYTE),
    ("is_adaptive", BYTE),
    ("is_buried", BYTE),
    ("has_burst", BYTE),
    ("extent", SIZE),
    ("idle", SIZE),
    ("fresh", SIZE),
    ("least_idle", SIZE),
    ("lot", SIZE),
    ("return_above", SIZE),
    ("patience", SIZE),
    ("wait", SIZE),
    ("move_price", COUNTER),
    ("store", POINTER),
    ("maximum", SIZE),
    ("peak_region", SIZE),
    ("largest_request", SIZE),
    ("failed_requests", COUNTER),
    ("grows", COUNTER),
    ("shrinks", COUNTER),
    ("refusals", COUNTER),
    ("fault_handler", POINTER),
    ("fault_context", POINTER),
)

# At hardening level 2, these follow.
KEY_PARTS = (
    ("key.of_header", KEY),
    ("key.of_link", KEY),
    ("key.offset", KEY),
)

# Bytes that a number may have.
NUMBERS = (2, 4)

STRATEGIES = ("grow and return", "grow only", "fixed")


@dataclass(frozen=True)
class Geometry:
    """What the core was built with, and for; all in bytes."""

    number: int
    granule: int
    pointer: int
    is_sealed: bool = False  # at hardening level 2: a seal lies before each header, and counts as a part of it

    @property
    def header_size(self):
        return 2 * self.number if self.is_sealed else self.number

    @property
    def unit(self):
        """What sizes and links count."""
        return 1 if self.number >= self.pointer else min(self.granule // 4, self.number)

    @property
    def largest_region(self):
        """In bytes: what a number can say, and what the difference of two addresses can be."""
        reach = ((1 << 8 * self.number) - 1) * self.unit
        return min(reach, (1 << 8 * self.pointer - 1) - 1) // self.granule * self.granule

    @property
    def classes(self):
        """Lists of free blocks."""
        narrow, wide = (26, 30) if self.number == min(NUMBERS) else (58, 62)
        return wide if self.pointer > self.number else narrow

    @property
    def smallest_block(self):
        """In bytes: header with seal, two links and a footer."""
        return self.round_up(self.header_size + 3 * self.number)

    def round_up(self, size):
        return -(-size // self.granule) * self.granule

    def __str__(self):
        level = ", hardening level 2" if self.is_sealed else ""
        return f"{self.number * 8}-bit numbers, granule {self.granule}{level}"


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
    is_told: bool = False  # by debug information

    @property
    def first(self):
        """Bytes from the start to the payload of the lowest block: its header follows the control block."""
        return self.geometry.round_up(self.control_size + self.geometry.header_size)


def declared_members(geometry):
    """The names and kinds of the control block's members, in their order."""
    return CONTROL_BLOCK + (KEY_PARTS if geometry.is_sealed else ())


def declared_layout(geometry):
    """The layout that follows from the declaration above."""
    sizes = {NUMBER: geometry.number, SIZE: geometry.pointer, POINTER: geometry.pointer, COUNTER: 4, BYTE: 1,
             KEY: 2 * geometry.number}
    members = {}
    end = 0
    for name, kind in declared_members(geometry):
        size = sizes[kind]
        count = geometry.classes if name == "bins" else 1
        offset = -(-end // size) * size
        members[name] = Member(offset, size, count)
        end = offset + size * count
    widest = max(member.size for member in members.values())
    return Layout(geometry, members, -(-end // widest) * widest)


def layout_of_members(members, control_size, granule, pointer):
    """The layout that debug information tells; None if it is that of another version of the core."""
    is_sealed = any(name in members for name, _ in KEY_PARTS)
    if any(name not in members for name, _ in CONTROL_BLOCK + (KEY_PARTS if is_sealed else ())):
        return None
    return Layout(Geometry(members["bins"].size, granule, pointer, is_sealed), members, control_size, is_told=True)


def control_is_sound(layout, control):
    """Whether what a control block says can be true; `control` has the values of its members."""
    geometry = layout.geometry
    return (
        control["extent"] % geometry.granule == 0
        and region_bytes(layout, control) <= control["maximum"] <= geometry.largest_region
        and control["fresh"] <= control["extent"] + control["idle"]
        and control["strategy"] < len(STRATEGIES)
        and control["highest"] < geometry.classes
        and control["store"] != 0
        and key_is_likely(layout, control)
    )


def flags_are_sound(control):
    """Whether each flag of a control block is one of the two values that it can have."""
    return all(control[name] in (0, 1) for name in ("is_adaptive", "is_buried", "has_burst", "is_scattered"))


def control_is_likely(layout, control):
    """Whether a control block, which can be true, is one: it has held its first memory."""
    return flags_are_sound(control) and control["peak_region"] >= layout.first


def never_moved(layout, control):
    """Whether all that a heap may have was there from the start, and no store was ever asked: core/fixed."""
    return (
        control["strategy"] == STRATEGIES.index("fixed")
        and region_bytes(layout, control) == control["peak_region"] == control["maximum"]
        and control["grows"] == control["shrinks"] == control["refusals"] == 0
    )


def key_is_likely(layout, control):
    """Whether there is a key, if there has to be one: not what lies behind a control block that has none, and is zero.
    A part of a true one is zero in one of 2^32 heaps, or fewer."""
    return not layout.geometry.is_sealed or all(control[name] for name, _ in KEY_PARTS)


def live_bytes(layout, control):
    return (control["peak_live"] - control["headroom"]) * layout.geometry.unit


def peak_live_bytes(layout, control):
    return control["peak_live"] * layout.geometry.unit


def figures_are_sound(layout, control, live):
    """Whether the statistics fit `live` bytes in use."""
    return (
        live_bytes(layout, control) == live
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
    size = (word & ~FLAGS) * geometry.unit
    return Header(size, bool(word & USED), bool(word & LEFT_USED))


def header_word(geometry, size, flags):
    """The header of a block of so many bytes."""
    return size // geometry.unit | flags


def footer_bytes(geometry, number):
    """The bytes of a free block, by its footer; 0 of a gap, which has 0 there, or FLAGS where headers are sealed."""
    of_gap = FLAGS if geometry.is_sealed else 0
    return (of_gap - number if number <= of_gap else number) * geometry.unit


def seal_of(geometry, control, header, payload):
    """What seals a header, by its bits and how many bytes above the start of the heap the payload lies behind it."""
    link = link_to(geometry, payload)
    total = control["key.of_header"] * header + control["key.of_link"] * link + control["key.offset"]
    bits = 8 * geometry.number
    return total >> bits & (1 << bits) - 1


# ---- Poison, at hardening level 2 ----

POISON = 0xEC


def links_size(geometry):
    """Bytes of the two links at the start of a free block's payload."""
    return 2 * geometry.number


def poison_in_top(layout, control):
    """From and to how many bytes above the start of the heap the idle end is poisoned."""
    end = layout.first + min(control["extent"] + control["idle"], control["fresh"])
    return layout.first + control["extent"], end // layout.geometry.number * layout.geometry.number


# ---- Lists ----

LOOSE, NONE = 0, 0
EXACT_CLASSES = 8


def payload_at(geometry, link):
    """How many bytes above the start of the heap the payload of the block lies that a link leads to."""
    return link * geometry.unit + geometry.number


def link_to(geometry, payload):
    """The link to the block whose payload lies so many bytes above the start."""
    return (payload - geometry.number) // geometry.unit


def link_to_bin(geometry, index):
    """What the first block of a list has for the link before it."""
    return index * (geometry.number // geometry.unit)


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
