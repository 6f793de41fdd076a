# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Pictures with a palette, as PNG files."""

import struct
import zlib

DEPTH, INDEXED = 8, 3


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def make_png(rows, palette):
    """`rows` of bytes, each an index into `palette`: (red, green, blue, opacity), all from 0 to 255."""
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), DEPTH, INDEXED, 0, 0, 0)
    colours = b"".join(bytes(entry[:3]) for entry in palette)
    opacities = bytes(entry[3] for entry in palette)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = [(b"IHDR", head), (b"PLTE", colours), (b"tRNS", opacities), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, content) for kind, content in parts)
