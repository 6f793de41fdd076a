#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""heap_test.py FOLDER: the part of the extension that needs no GDB, on heaps that are made here, byte by byte.

In both orders of bytes, in every geometry, with and without the seals and the poison of hardening level 2.
"""

import sys
import unittest

sys.path.insert(0, sys.argv[1])
# pylint: disable=import-error,wrong-import-position
from ebb_gdb import layout as rules
from ebb_gdb import scan
from ebb_gdb.check import check
from ebb_gdb.heap import Damage, Heap, Kind, NotAHeap, open_heap
from ebb_gdb.memory import Memory, Unreadable
from ebb_gdb.picture import picture

START = 0x10000


# As the key of a heap, only smaller than it may be.
KEY = {"key.of_header": 0x1234567, "key.of_link": 0x89abcdf, "key.offset": 0x7654321}


class Image:
    """The bytes of a heap."""

    def __init__(self, layout, order):
        self.layout = layout
        self.order = order
        self.geometry = layout.geometry
        self.content = bytearray(4096)

    def put(self, offset, size, value):
        self.content[offset:offset + size] = value.to_bytes(size, self.order)

    def member(self, name, value, index=0):
        member = self.layout.members[name]
        self.put(member.offset + index * member.size, member.size, value)

    def header(self, address, size, flags):
        cell = self.geometry.number
        word = rules.header_word(self.geometry, size, flags)
        self.put(address - cell, cell, word)
        if self.geometry.is_sealed:
            self.put(address - 2 * cell, cell, rules.seal_of(self.geometry, KEY, word, address))

    def footer(self, address, size):
        """Of the block to the left of that with this payload."""
        cell = self.geometry.number
        of_gap = rules.FLAGS if self.geometry.is_sealed else 0
        self.put(address - self.geometry.header_size - cell, cell, size // self.geometry.unit or of_gap)

    def link(self, address):
        return rules.link_to(self.geometry, address)

    def lead_to_bin(self, address, index):
        """A free block is the first in this list."""
        self.put(address, self.geometry.number, rules.link_to_bin(self.geometry, index))

    def place(self, granules):
        """So far above the first block's payload."""
        return self.layout.first + granules * self.geometry.granule

    def read(self, address, length):
        offset = address - START
        return bytes(self.content[offset:offset + length]) if 0 <= offset and offset + length <= 4096 else None

    def heap(self):
        return Heap(Memory(self.read, self.order), self.layout, START)


def image_of(layout, order):
    """Four granules used, five free, three used, and twenty idle."""
    image = Image(layout, order)
    granule = layout.geometry.granule
    image.header(image.place(0), 4 * granule, rules.USED | rules.LEFT_USED)
    image.header(image.place(4), 5 * granule, rules.LEFT_USED)
    image.footer(image.place(9), 5 * granule)
    image.header(image.place(9), 3 * granule, rules.USED)
    image.header(image.place(12), 0, rules.LEFT_USED)
    poison(image)
    make_control(image)
    return image


def poison(image):
    """Fills the free block between its links and its footer, and what of the idle end was ever in use."""
    if image.geometry.is_sealed:
        cell = image.geometry.number
        start, end = image.place(4) + 2 * cell, image.place(9) - image.geometry.header_size - cell
        image.content[start:end] = bytes([rules.POISON]) * (end - start)
        image.content[image.place(12):image.place(14)] = bytes([rules.POISON]) * 2 * image.geometry.granule


def make_control(image):
    granule, unit = image.geometry.granule, image.geometry.unit
    values = {"extent": 12 * granule, "idle": 20 * granule, "fresh": 14 * granule, "peak_live": 9 * granule // unit,
              "headroom": 2 * granule // unit, "store": 1, "strategy": 0, "maximum": 4096, "peak_region": 4096,
              "highest": 5, "grows": 1}
    values |= KEY if image.geometry.is_sealed else {}
    for name, value in values.items():
        image.member(name, value)
    # The one free block is the head of its list, which leads back to the list itself.
    image.member("bins", image.link(image.place(4)), index=5)
    image.lead_to_bin(image.place(4), 5)


def all_images():
    for number in (2, 4):
        for granule in (8, 16):
            for pointer in (4, 8):
                for is_sealed in (False, True):
                    for order in ("little", "big"):
                        layout = rules.declared_layout(rules.Geometry(number, granule, pointer, is_sealed))
                        yield image_of(layout, order)


class OnImages(unittest.TestCase):
    """Each, for all images."""

    def test_blocks(self):
        for image in all_images():
            with self.subTest(geometry=image.geometry, order=image.order):
                heap = image.heap()
                blocks = [(block.kind, block.size // image.geometry.granule) for block in heap.blocks()]
                self.assertEqual(blocks, [(Kind.USED, 4), (Kind.FREE, 5), (Kind.USED, 3), (Kind.TOP, 20)])
                check(heap)
                drawn = "".join(line.split()[1] for line in picture(heap, 64, 64)[2:])
                self.assertTrue(drawn.endswith("####.....###" + 20 * "-"), drawn)

    @staticmethod
    def open(image):
        """In whichever layout it makes most sense."""
        layouts = [rules.declared_layout(rules.Geometry(number, granule, image.geometry.pointer, is_sealed))
                   for is_sealed in (False, True) for number in (2, 4) for granule in (8, 16)]
        return open_heap(Memory(image.read, image.order), layouts, START)

    def test_open_finds_the_geometry(self):
        for image in all_images():
            self.assertEqual(self.open(image).geometry, image.geometry)

    def test_open_finds_the_geometry_of_an_empty_heap(self):
        for image in all_images():
            image.content[:] = bytes(len(image.content))
            make_control(image)
            for name in ("extent", "peak_live", "headroom"):
                image.member(name, 0)
            image.member("bins", 0, index=5)
            image.header(image.place(0), 0, rules.LEFT_USED)
            self.assertEqual(self.open(image).geometry.is_sealed, image.geometry.is_sealed)

    def test_what_lies_behind_an_empty_heap_is_no_seal(self):
        for image in all_images():
            geometry = image.geometry
            if geometry.is_sealed:
                continue
            sealed = rules.declared_layout(rules.Geometry(geometry.number, geometry.granule, geometry.pointer, True))
            image.content[image.layout.control_size:] = b"\x99" * (len(image.content) - image.layout.control_size)
            image.put(sealed.first - geometry.number, geometry.number, 0)
            image.put(sealed.first - 2 * geometry.number, geometry.number, 0x1234)
            for name in ("extent", "peak_live", "headroom", "fresh"):
                image.member(name, 0)
            image.member("bins", 0, index=5)
            image.header(image.place(0), 0, rules.LEFT_USED)
            self.assertFalse(self.open(image).geometry.is_sealed)

    def test_zeroes_are_no_empty_heap(self):
        for image in all_images():
            image.content[:] = bytes(len(image.content))
            make_control(image)
            self.put_store(image)
            for name in ("extent", "peak_live", "headroom"):
                image.member(name, 0)
            image.member("bins", 0, index=5)
            image.header(image.place(0), 0, 0)
            self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]))
            image.header(image.place(0), 0, rules.LEFT_USED)
            self.assertTrue(scan.is_credible(image.heap(), [(START, START + 4096)]))

    def test_open_finds_the_geometry_of_a_damaged_heap(self):
        for image in all_images():
            image.header(image.place(9), 0, 3)
            heap = self.open(image)
            self.assertEqual(heap.geometry, image.geometry)
            with self.assertRaises(Damage):
                check(heap)

    def test_debug_information_counts_for_more_than_blocks_that_can_be_followed(self):
        for image in all_images():
            geometry = image.geometry
            if not geometry.is_sealed:
                continue
            told = [rules.layout_of_members(image.layout.members, image.layout.control_size, granule, geometry.pointer)
                    for granule in (8, 16)]
            unsealed = rules.Geometry(geometry.number, geometry.granule, geometry.pointer)
            other = Image(rules.declared_layout(unsealed), image.order)
            other.content = image.content
            image.header(image.place(0), 0, 3)
            other.header(other.place(0), 4 * geometry.granule, rules.USED | rules.LEFT_USED)
            layouts = told + [other.layout]
            self.assertEqual(open_heap(Memory(image.read, image.order), layouts, START).geometry, geometry)

    def test_what_lies_in_a_damaged_heap_is_no_empty_one(self):
        for image in all_images():
            geometry = image.geometry
            if geometry.number == 4:
                continue
            # In numbers of 4 bytes, the control block would end in the first block: there it is zero, or can be true.
            wide = Image(rules.declared_layout(rules.Geometry(4, geometry.granule, geometry.pointer)), image.order)
            wide.content = image.content
            image.content[image.layout.control_size:] = bytes(len(image.content) - image.layout.control_size)
            wide.member("store", 1)
            wide.member("maximum", 4096)
            for place in (0, 20, 40):
                image.header(image.place(place), 20 * geometry.granule, rules.USED | rules.LEFT_USED)
            image.header(image.place(60), 0, 3)
            for name, value in (("extent", 64 * geometry.granule), ("idle", 0), ("fresh", 0)):
                image.member(name, value)
            self.assertEqual(self.open(image).geometry, geometry)

    def test_broken_seals_and_writes_after_free_are_found(self):
        for image in all_images():
            cell = image.geometry.number
            whole = bytes(image.content)
            damages = {image.place(granule) - 2 * cell: "broken seal" for granule in (0, 4, 9, 12)}
            poisoned = image.place(4) + 2 * cell, image.place(9) - 3 * cell - 1, image.place(12), image.place(14) - 1
            damages |= dict.fromkeys(poisoned, "written")
            for place, what in damages.items():
                image.content[place] ^= 0x10
                with self.subTest(geometry=image.geometry, order=image.order, place=place):
                    if image.geometry.is_sealed:
                        with self.assertRaisesRegex(Damage, what):
                            check(image.heap())
                image.content[:] = whole
            # What was never in use is as it was.
            image.content[image.place(14)] ^= 0x10
            check(image.heap())

    def test_damage_is_found(self):
        damages = {
            "damaged header": lambda image, granule: image.header(image.place(0), 0, 3),
            "disagree": lambda image, granule: image.header(image.place(9), 3 * granule, 3),
            "damaged footer": lambda image, granule: image.footer(image.place(9), 4 * granule),
            "side by side": lambda image, granule: (
                image.header(image.place(9), 3 * granule, 0), image.footer(image.place(12), 3 * granule)),
            "another size": lambda image, granule: (
                image.member("bins", 0, index=5), image.member("bins", image.link(image.place(4)), index=4),
                image.lead_to_bin(image.place(4), 4)),
            "lead back": lambda image, granule: image.put(image.place(4), image.geometry.number, 9),
            "no list": lambda image, granule: image.member("bins", 0, index=5),
            "what is no free block": lambda image, granule: image.member("bins", 3, index=5),
            "header of top": lambda image, granule: image.header(image.place(12), granule, 2),
            "damaged header of top": lambda image, granule: image.header(image.place(12), 0, 3),
            "damaged footer before": lambda image, granule: (
                image.header(image.place(12), 0, 0), image.footer(image.place(12), 3 * granule)),
            "statistics": lambda image, granule: image.member("headroom", 3),
            "statistics do": lambda image, granule: image.member("peak_region", image.place(32) - 1),
            "control block": lambda image, granule: image.member("strategy", 7),
        }
        for image in all_images():
            whole = bytes(image.content)
            for what, damage in damages.items():
                with self.subTest(geometry=image.geometry, order=image.order, damage=what):
                    damage(image, image.geometry.granule)
                    with self.assertRaisesRegex(Damage, what):
                        check(image.heap())
                image.content[:] = whole

    def test_two_lists_for_each_doubling(self):
        expected = {1: 1, 7: 7, 8: 8, 11: 8, 12: 9, 15: 9, 16: 10, 23: 10, 24: 11, 31: 11, 32: 12, 4096: 26, 8191: 27}
        for image in all_images():
            sizes = {count: count * image.geometry.granule for count in expected}
            found = {count: rules.class_of(image.geometry, size) for count, size in sizes.items()}
            self.assertEqual(found, expected)

    def test_largest_regions_are_what_numbers_and_addresses_can_say(self):
        expected = {(2, 8, 4): 0x1fff8, (2, 16, 4): 0x1fff0, (4, 8, 4): 0x7ffffff8, (4, 16, 4): 0x7ffffff0,
                    (2, 8, 8): 0x1fff8, (2, 16, 8): 0x1fff0, (4, 8, 8): 0x1fffffff8, (4, 16, 8): 0x3fffffff0}
        for (number, granule, pointer), region in expected.items():
            self.assertEqual(rules.Geometry(number, granule, pointer).largest_region, region)

    def test_loose_block_is_in_the_list_of_no_size(self):
        for image in all_images():
            image.member("bins", 0, index=5)
            image.member("bins", image.link(image.place(4)), index=rules.LOOSE)
            image.lead_to_bin(image.place(4), rules.LOOSE)
            check(image.heap())

    def test_gaps_are_no_blocks(self):
        for image in all_images():
            granule = image.geometry.granule
            # Below the free block, somebody else's memory in place of a block in use.
            image.header(image.place(4), 5 * granule, 0)
            image.footer(image.place(4), 0)
            image.member("headroom", 6 * granule // image.geometry.unit)
            with self.subTest(geometry=image.geometry, order=image.order):
                kinds = [block.kind for block in image.heap().blocks()]
                self.assertEqual(kinds, [Kind.GAP, Kind.FREE, Kind.USED, Kind.TOP])
                check(image.heap())
                image.footer(image.place(4), 4 * granule)
                with self.assertRaisesRegex(Damage, "damaged footer"):
                    check(image.heap())

    def test_control_blocks_that_contradict_themselves_are_found(self):
        for image in all_images():
            whole = bytes(image.content)
            granule = image.geometry.granule
            # The region ends within a granule: so nothing can have been used up to the end of that.
            beyond_the_end = {"idle": 161, "fresh": 12 * granule + 162}
            for change in ({"strategy": 3}, {"highest": 200}, {"highest": 4}, {"maximum": 100}, {"is_adaptive": 2},
                           {"is_buried": 255}, {"has_burst": 2}, {"is_scattered": 2}, {"extent": 12 * granule + 1},
                           {"maximum": image.geometry.largest_region + 1}, {"store": 0}, beyond_the_end):
                for name, value in change.items():
                    image.member(name, value)
                with self.subTest(geometry=image.geometry, order=image.order, change=change):
                    with self.assertRaisesRegex(Damage, "control block"):
                        check(image.heap())
                image.content[:] = whole

    def test_coarse_picture(self):
        for image in all_images():
            heap = image.heap()
            scale, _, *lines = picture(heap, 10, 2)
            one = int(scale.split()[3])
            granules = one // image.geometry.granule
            self.assertEqual((one % image.geometry.granule, granules & (granules - 1)), (0, 0))
            self.assertLessEqual(len(lines), 2)
            self.assertEqual(sum(len(line.split()[1]) for line in lines), -(-(heap.end - START) // one))

    def test_scan_finds_it(self):
        for image in all_images():
            self.put_store(image)
            heap = image.heap()
            found = list(scan.addresses(image.read, image.order, [image.layout], [(START, START + 4096)]))
            self.assertIn(START, found)
            self.assertTrue(scan.is_credible(heap, [(START, START + 4096)]))
            self.assertFalse(scan.is_credible(heap, [(START, heap.end - 1)]), "the region ends beyond what there is")
            image.member("grows", 0)
            self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]), "nobody gave it memory")
            image.member("grows", 1)
            image.member("peak_region", image.layout.first - 1)
            self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]), "it never had what it has")
            image.member("peak_region", 4096)
            for flag in ("is_adaptive", "is_buried", "has_burst", "is_scattered"):
                image.member(flag, 2)
                self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]), flag)
                image.member(flag, 1)
                self.assertTrue(scan.is_credible(image.heap(), [(START, START + 4096)]), flag)
            self.put_store(image, grow=0)
            self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]), "a store that cannot grow")
            image.member("store", 4)
            self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]), "a store that is not there")

    def test_scan_finds_one_whose_end_never_moved(self):
        for image in all_images():
            self.put_store(image, grow=0)
            region = image.heap().end - START
            fixed = {"strategy": 2, "maximum": region, "peak_region": region, "grows": 0}
            for name, value in fixed.items():
                image.member(name, value)
            self.assertTrue(scan.is_credible(image.heap(), [(START, START + 4096)]))
            other = {"strategy": 0, "maximum": region + 16, "peak_region": region + 16, "grows": 1, "shrinks": 1,
                     "refusals": 1}
            for name, value in other.items():
                image.member(name, value)
                self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]), name)
                image.member(name, fixed.get(name, 0))

    @staticmethod
    def put_store(image, grow=0x1234):
        pointer = image.geometry.pointer
        image.member("store", START + 4000)
        image.put(4000, pointer, grow)
        image.put(4000 + 3 * pointer, pointer, 32)

    def test_circle_ends(self):
        for image in all_images():
            cell = image.geometry.number
            image.put(image.place(4) + cell, cell, image.link(image.place(4)))
            with self.assertRaises(Damage):
                check(image.heap())

    def test_no_heap(self):
        image = next(all_images())
        image.content[:] = bytes(4096)
        with self.assertRaises(NotAHeap):
            open_heap(Memory(image.read, image.order), [image.layout], START)
        with self.assertRaises(NotAHeap):
            open_heap(Memory(image.read, image.order), [image.layout], START - 8)
        with self.assertRaises(Unreadable):
            Memory(image.read, "little").bytes_at(START + 4090, 8)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
