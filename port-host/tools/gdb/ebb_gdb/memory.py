# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Memory of the program, read in pieces, each once: a board answers slowly."""


class Unreadable(Exception):
    """There is no memory at this address."""

    def __init__(self, address):
        super().__init__(f"cannot read memory at {address:#x}")


class Memory:
    """`read` is a function of an address and a length that returns bytes, or None if they cannot be read."""

    PIECE = 4096

    def __init__(self, read, byte_order):
        self._read = read
        self.byte_order = byte_order
        self._pieces = {}

    def _piece(self, number):
        if number not in self._pieces:
            self._pieces[number] = self._read(number * self.PIECE, self.PIECE)
        return self._pieces[number]

    def bytes_at(self, address, length):
        content = bytearray()
        while len(content) < length:
            position = address + len(content)
            number, offset = divmod(position, self.PIECE)
            wanted = min(length - len(content), self.PIECE - offset)
            piece = self._piece(number)
            # At the end of the memory there may be less than a piece.
            part = piece[offset:offset + wanted] if piece is not None else self._read(position, wanted)
            if part is None:
                raise Unreadable(position)
            content += part
        return bytes(content)

    def number_at(self, address, size):
        if address < 0:
            raise Unreadable(address)
        return int.from_bytes(self.bytes_at(address, size), self.byte_order)
