# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Whether every rule of a heap is kept: what ebb_check() does, from outside."""

from . import layout as rules
from .heap import Damage


class Survey:
    """What a walk over the blocks has come to know."""

    def __init__(self, heap):
        self.heap = heap
        self.live = 0
        self.free = set()  # addresses
        self.left_is_used = True
        self.left_is_gap = False
        self.left_size = 0

    def check_left(self, address, header):
        """Whether what a block or top says of the block to its left is true."""
        if header.left_is_used != self.left_is_used:
            raise Damage("header and left neighbour disagree", address)
        if not header.left_is_used:
            expected = 0 if self.left_is_gap else self.left_size
            if self.heap.left_size_at(address) != expected:
                raise Damage("damaged footer before the block", address)
            if not self.left_is_gap and not header.is_used:
                raise Damage("two free blocks side by side", address)

    def take(self, address, header):
        check_seal(self.heap, address)
        self.check_left(address, header)
        if not header.is_used:
            end = self.heap.footer_place(address + header.size)
            check_poison(self.heap, address, address + rules.links_size(self.heap.geometry), end)
        right = self.heap.header_at(address + header.size)
        self.left_is_gap = header.is_used and not right.left_is_used
        self.left_is_used = header.is_used and not self.left_is_gap
        self.left_size = header.size
        if self.left_is_used:
            self.live += header.size
        if not header.is_used:
            self.free.add(address)


def check_seal(heap, address):
    if not heap.seal_is_right(address):
        raise Damage("broken seal of the header", address)


def check_poison(heap, address, start, end):
    """Whether free memory of the block at an address holds what it was filled with."""
    if heap.geometry.is_sealed and start < end:
        content = heap.memory.bytes_at(start, end - start)
        if content != bytes([rules.POISON]) * len(content):
            raise Damage("written after it was freed: the block", address)


def check_blocks(heap):
    survey = Survey(heap)
    for address, header in heap.headers():
        survey.take(address, header)
    check_seal(heap, heap.top)
    top = heap.header_at(heap.top)
    if top.is_used or top.size:
        raise Damage("damaged header of top", heap.top)
    survey.check_left(heap.top, top)
    check_poison(heap, heap.top, *(heap.address + place for place in rules.poison_in_top(heap.layout, heap.control)))
    return survey


def check_list(heap, index, free):
    """Follows one list, and takes what is in it out of `free`: so no block can be in two, nor a list in circles."""
    cell = heap.geometry.number
    link, before = heap.control["bins"][index], rules.link_to_bin(heap.geometry, index)
    while link != rules.NONE:
        address = heap.address + rules.payload_at(heap.geometry, link)
        if address not in free:
            raise Damage("a free list leads to what is no free block, or leads there twice,", address)
        if heap.memory.number_at(address, cell) != before:
            raise Damage("a free list does not lead back", address)
        if index not in (rules.LOOSE, rules.class_of(heap.geometry, heap.header_at(address).size)):
            raise Damage("a free block is in the list of another size", address)
        free.remove(address)
        link, before = heap.memory.number_at(address + cell, cell), link


def check_lists(heap, free):
    for index, link in enumerate(heap.control["bins"]):
        if not rules.may_have_blocks(heap.control, index) and link != rules.NONE:
            raise Damage("damaged control block", heap.address)
        check_list(heap, index, free)
    if free:
        raise Damage("a free block is in no list", min(free))


def check(heap):
    """Raises Damage at the first rule that is not kept, and Unreadable where memory cannot be read."""
    if not rules.control_is_sound(heap.layout, heap.control) or not rules.flags_are_sound(heap.control):
        raise Damage("damaged control block", heap.address)
    survey = check_blocks(heap)
    check_lists(heap, survey.free)
    if not rules.figures_are_sound(heap.layout, heap.control, survey.live):
        raise Damage("statistics do not fit the blocks", heap.address)
