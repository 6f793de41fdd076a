# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What GDB knows of the program: its memory, its pointers, and the layout of the control block, if that was compiled
with debug information."""

from contextlib import contextmanager

import gdb

from .layout import NUMBERS, Geometry, Member, declared_layout, layout_of_members
from .memory import Memory

STRUCTURE = "struct ebb_heap"
GRANULES = (8, 16)


@contextmanager
def language_of_core():
    """GDB looks for types and symbols in the language that the program is stopped in. In Rust, there is no void."""
    language = gdb.parameter("language")
    gdb.execute("set language c", to_string=True)
    try:
        yield
    finally:
        gdb.execute(f"set language {language}", to_string=True)


def pointer_size():
    with language_of_core():
        return gdb.lookup_type("void").pointer().sizeof


def byte_order():
    return "big" if "big endian" in gdb.execute("show endian", to_string=True) else "little"


def read(address, length):
    try:
        return gdb.selected_inferior().read_memory(address, length).tobytes()
    except (gdb.error, OverflowError):
        return None


def value_of(expression):
    """In the language of the program, or else in C."""
    try:
        return gdb.parse_and_eval(expression)
    except gdb.error:
        with language_of_core():
            return gdb.parse_and_eval(expression)


def address_of(expression):
    """The address that an expression has for a value; that of a function or an array, if it is one."""
    try:
        value = value_of(expression)
        if value.type.strip_typedefs().code in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_ARRAY):
            value = value.address
        return int(value) & ((1 << 8 * pointer_size()) - 1)
    except gdb.error as error:
        raise gdb.GdbError(f"{expression}: {error}") from error


def memory():
    """The program's memory as it is now."""
    return Memory(read, byte_order())


# ---- Layouts ----

def members_of(structure, prefix="", start=0):
    """The members of a structure, those of structures within it by their path: {"bins.first": Member(...)}."""
    members = {}
    for member in structure.fields():
        if not hasattr(member, "bitpos"):
            continue
        kind = member.type.strip_typedefs()
        offset = start + member.bitpos // 8
        if kind.code == gdb.TYPE_CODE_STRUCT:
            members.update(members_of(kind, f"{prefix}{member.name}.", offset))
        elif kind.code == gdb.TYPE_CODE_ARRAY:
            low, high = kind.range()
            members[prefix + member.name] = Member(offset, kind.target().sizeof, high - low + 1)
        else:
            members[prefix + member.name] = Member(offset, kind.sizeof)
    return members


def known_layouts():
    """Layouts by debug information; the granule is not in it."""
    try:
        with language_of_core():
            structure = gdb.lookup_type(STRUCTURE)
        members = members_of(structure)
    except (gdb.error, TypeError):
        return []
    layouts = (layout_of_members(members, structure.sizeof, granule, pointer_size()) for granule in GRANULES)
    return [layout for layout in layouts if layout is not None]


def layouts():
    """All layouts that a heap in this program may have. A program may have several: its own core, and a library's."""
    pointer = pointer_size()
    # Compact on small machines, wide on large ones: where an empty heap fits both, the default is more likely.
    numbers = sorted(NUMBERS, reverse=pointer == 8)
    granules = sorted(GRANULES, reverse=pointer == 8)
    declared = [
        declared_layout(Geometry(number, granule, pointer, is_sealed))
        for is_sealed in (False, True) for number in numbers for granule in granules
    ]
    return known_layouts() + declared
