# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs in GDB, with the program stopped: changes bytes of its heap, looks, and puts them back. DAMAGES says how often.

Most of the damage is done to headers, footers and links, where it is most likely to lead somebody astray.
"""

import random

import gdb

chance = random.Random(5)
inferior = gdb.selected_inferior()
heap = int(gdb.parse_and_eval("program_heap"))
from ebb_gdb import find  # pylint: disable=wrong-import-position
view = find.at("program_heap").heap
header = view.geometry.header_size
blocks = [block.address for block in view.blocks()]
COMMANDS = ("blocks", "stats", "check", "map", "heaps", "whereis program_heap + 0x400")


def place():
    """Where to do damage."""
    if chance.random() < 0.7:
        return chance.choice(blocks) + chance.randrange(-max(6, header + 4), 4)
    if chance.random() < 0.3:
        return heap + chance.randrange(view.layout.control_size)
    return heap + chance.randrange(view.end - view.address)


def run(command):
    """What a command said, or what it complained of."""
    try:
        return gdb.execute("ebb " + command, to_string=True)
    except gdb.error as error:
        return str(error)


def look():
    """What all commands say of the heap now; None if they do not find it any more, as its control block is damaged."""
    said = {command: run(command) for command in COMMANDS}
    return None if "program.c: program_heap" not in said["check"] else ": sound" in said["check"]


done = harmless = found = 0
for _ in range(DAMAGES):  # pylint: disable=undefined-variable
    address = place()
    size = chance.choice((1, 2, 4))
    before = inferior.read_memory(address, size).tobytes()
    inferior.write_memory(address, bytes(chance.choice((0, 1, 0xff, chance.randrange(256))) for _ in range(size)))
    damage = int(gdb.parse_and_eval("ebb_check(program_heap).damage"))
    sound = look()
    inferior.write_memory(address, before)
    done += 1
    if bool(sound) == (damage == 0):
        harmless += damage == 0
        found += damage != 0
    else:
        print(f"{size} bytes at {address - heap:#x}: ebb_check() says {damage}, ebb check sound: {sound}")
print(f"done {done} harmless {harmless} found {found}")
