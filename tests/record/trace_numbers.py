# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads the numbers of a trace without the project's own reader."""


def read_numbers(content):
    """Each has seven bits in a byte, lowest first; the high bit of a byte says that more follow."""
    number = shift = 0
    for byte in content:
        number |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
