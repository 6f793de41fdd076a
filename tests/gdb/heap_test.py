#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""heap_test.py FOLDER: the part of the extension that needs no GDB, on heaps that are made here, byte by byte.

In both orders of bytes, in every geometry, and with headers that are wider than the numbers.
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

    def header(self, number, size, flags):
        width = self.geometry.header_size
        self.put(number * self.geometry.granule - width, width, size << rules.SIZE_SHIFT | flags)

    def footer(self, number, size):
        cell = self.geometry.number
        self.put(number * self.geometry.granule - self.geometry.header_size - cell, cell, size)

    def read(self, address, length):
        offset = address - START
        return bytes(self.content[offset:offset + length]) if 0 <= offset and offset + length <= 4096 else None

    def heap(self):
        return Heap(Memory(self.read, self.order), self.layout, START)


def image_of(layout, order):
    """Four granules used, five free, three used, and twenty idle."""
    image = Image(layout, order)
    first = layout.first
    free, last, top = first + 4, first + 9, first + 12
    image.header(first, 4, rules.USED | rules.LEFT_USED)
    image.header(free, 5, rules.LEFT_USED)
    image.footer(last, 5)
    image.header(last, 3, rules.USED)
    image.header(top, 0, rules.LEFT_USED)
    make_control(image, free, top)
    return image


def make_control(image, free, top):
    geometry = image.geometry
    values = {"top": top, "idle": 20, "fresh": top, "peak_live": 9, "headroom": 2, "store": 1, "strategy": 0,
              "maximum": 4096, "peak_region": 4096, "highest": 7}
    for name, value in values.items():
        image.member(name, value)
    # The one free block is the head of its list, which leads back to the list itself.
    image.member("bins.first", free * geometry.granule // geometry.number, index=5)
    image.put(free * geometry.granule, geometry.number, 5)


def all_images():
    for number in (2, 4):
        for granule in (8, 16):
            for pointer in (4, 8):
                for header in (0, 8):
                    for order in ("little", "big"):
                        layout = rules.declared_layout(rules.Geometry(number, granule, pointer, header))
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

    def test_open_finds_the_granule(self):
        for image in all_images():
            if image.geometry.header:
                continue
            others = [rules.declared_layout(rules.Geometry(number, granule, image.geometry.pointer))
                      for number in (2, 4) for granule in (8, 16)]
            heap = open_heap(Memory(image.read, image.order), others, START)
            self.assertEqual(heap.geometry, image.geometry)

    def test_damage_is_found(self):
        damages = {
            "damaged header": lambda image, first: image.header(first, 0, 3),
            "disagree": lambda image, first: image.header(first + 9, 3, 3),
            "damaged footer": lambda image, first: image.footer(first + 9, 4),
            "side by side": lambda image, first: (image.header(first + 9, 3, 0), image.footer(first + 12, 3)),
            "another size": lambda image, first: (image.member("bins.first", 0, index=5), image.member(
                "bins.first", (first + 4) * image.geometry.granule // image.geometry.number, index=4),
                image.put((first + 4) * image.geometry.granule, image.geometry.number, 4)),
            "lead back": lambda image, first: image.put((first + 4) * image.geometry.granule, image.geometry.number, 9),
            "no list": lambda image, first: image.member("bins.first", 0, index=5),
            "what is no free block": lambda image, first: image.member("bins.first", 3, index=5),
            "header of top": lambda image, first: image.header(first + 12, 1, 2),
            "statistics": lambda image, first: image.member("headroom", 3),
            "control block": lambda image, first: image.member("strategy", 7),
        }
        for image in all_images():
            whole = bytes(image.content)
            for what, damage in damages.items():
                with self.subTest(geometry=image.geometry, order=image.order, damage=what):
                    damage(image, image.layout.first)
                    with self.assertRaisesRegex(Damage, what):
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
            self.put_store(image, grow=0)
            self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]), "a store that cannot grow")
            image.member("store", 4)
            self.assertFalse(scan.is_credible(image.heap(), [(START, START + 4096)]), "a store that is not there")

    @staticmethod
    def put_store(image, grow=0x1234):
        pointer = image.geometry.pointer
        image.member("store", START + 4000)
        image.put(4000, pointer, grow)
        image.put(4000 + 3 * pointer, pointer, 32)

    def test_circle_ends(self):
        image = next(all_images())
        free = image.layout.first + 4
        cell = image.geometry.number
        image.put(free * image.geometry.granule + cell, cell, free * image.geometry.granule // cell)
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
