# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Columns of numbers as text: differences, zigzag, seven bits a byte, deflate, base64. page/columns.mjs reads them."""

import base64
import zlib


def as_bytes(numbers):
    """Each number as its difference to the one before, small ones in one byte, negative ones too."""
    packed = bytearray()
    before = 0
    for number in numbers:
        rest = (number - before) * 2 if number >= before else (before - number) * 2 - 1
        before = number
        while rest >= 0x80:
            packed.append(rest & 0x7F | 0x80)
            rest >>= 7
        packed.append(rest)
    return bytes(packed)


def pack(numbers):
    return base64.b64encode(zlib.compress(as_bytes(numbers), 9)).decode("ascii")
