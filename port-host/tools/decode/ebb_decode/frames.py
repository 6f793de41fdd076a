# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Frames: which bytes of a stream are whole frames, and which are not. core/recorder/source/frame.h has the format."""

from binascii import crc_hqx
from dataclasses import dataclass

CHECK_SIZE, CHECK_START = 2, 0xffff


class Damaged(Exception):
    """Not a whole frame."""


@dataclass
class Frame:
    """A frame that came through: the number of its first event, and the bytes of its events."""

    first: int
    events: bytes


@dataclass
class Other:
    """Bytes that are no frame: somebody else's text, or a frame that was damaged."""

    content: bytes

    @property
    def is_text(self):
        try:
            text = self.content.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return all(character.isprintable() or character in "\t\r\n\x1b" for character in text)


def put_zeroes_back(stuffed):
    plain = bytearray()
    position = 0
    while position < len(stuffed):
        step = stuffed[position]
        if position + step > len(stuffed):
            raise Damaged
        plain += stuffed[position + 1:position + step] + b"\0"
        position += step
    # What stands for the zero that ends the frame.
    return bytes(plain[:-1])


def read_number(content, position):
    """Returns the number that starts at a position, and the position after it."""
    number = shift = 0
    while position < len(content):
        byte = content[position]
        position += 1
        number |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return number, position
    raise Damaged


def read_frame(stuffed):
    plain = put_zeroes_back(stuffed)
    content = plain[:-CHECK_SIZE]
    if not content or crc_hqx(content, CHECK_START) != int.from_bytes(plain[-CHECK_SIZE:], "little"):
        raise Damaged
    first, position = read_number(content, 0)
    return Frame(first, content[position:])


def parts_of(stream):
    """The frames of a stream of bytes, and what else is in it, in their order."""
    for part in stream.split(b"\0"):
        if not part:
            continue
        try:
            yield read_frame(part)
        except Damaged:
            yield Other(part)
