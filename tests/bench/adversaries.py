#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Programs that were made to show a policy at its worst, written as traces into a folder."""

import argparse
import heapq
import random
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "port-host" / "tools" / "decode"))

from ebb_decode.trace import Operation, trace_bytes  # noqa: E402

MALLOC, FREE, REALLOC = 0, 1, 2


class Program:
    """The calls of a program."""

    def __init__(self):
        self.operations = []
        self.free_slots = []
        self.slots = 0

    def alloc(self, size):
        """Returns the block."""
        if not self.free_slots:
            heapq.heappush(self.free_slots, self.slots)
            self.slots += 1
        block = heapq.heappop(self.free_slots)
        self.operations.append(Operation(MALLOC, block, size, 0))
        return block

    def resize(self, block, size):
        self.operations.append(Operation(REALLOC, block, size, 0))

    def free(self, blocks):
        """Frees blocks in that order, and forgets them."""
        for block in blocks:
            self.operations.append(Operation(FREE, block, 0, 0))
            heapq.heappush(self.free_slots, block)
        blocks.clear()

    def use_briefly(self, size, times):
        """A block again and again: if it is small, calls that need nothing."""
        for _ in range(times):
            self.free([self.alloc(size)])


def quiet_then_growing():
    """Nobody wants what is idle for so long that hardly any is kept; then small blocks are wanted, one by one."""
    program = Program()
    for _ in range(6):
        blocks = [program.alloc(100) for _ in range(200)]
        program.free(blocks)
        program.use_briefly(50, 2000)
    return program


def stack():
    """Last in, first out, to ever other depths."""
    program, dice, blocks, depth = Program(), random.Random(8), [], 20
    for step in range(20000):
        if step % 200 == 0:
            depth = dice.randint(3, 120)
        if not blocks or (len(blocks) < depth and dice.random() < 0.6):
            blocks.append(program.alloc(dice.randint(8, 160)))
        elif dice.random() < 0.5:
            program.free([blocks.pop()])
    return program


def comb():
    """Of blocks of each power of two every fourth stays, so that larger ones do not fit between."""
    program, dice = Program(), random.Random(9)
    for _ in range(4):
        teeth = []
        for exponent in range(4, 12):
            blocks = [program.alloc((1 << exponent) - 2) for _ in range(6000 >> exponent)]
            teeth += blocks[3::4]
            program.free([block for index, block in enumerate(blocks) if index % 4 != 3])
        dice.shuffle(teeth)
        program.free(teeth)
    return program


def outgrown_holes():
    """Each large block is a little too large for the hole that the last one left, behind a small one that stays."""
    program = Program()
    for _ in range(3):
        small = []
        for step in range(120):
            large = program.alloc(200 + 6 * step)
            small.append(program.alloc(12))
            program.free([large, program.alloc(100 + 3 * step)])
            if step > 60:
                program.free([small.pop(0)])
        program.free(small)
    return program


def plateau():
    """All but the last block of a heap go, and then little of it is used for long."""
    program, dice = Program(), random.Random(3)
    for _ in range(5):
        blocks = [program.alloc(dice.randint(10, 200)) for _ in range(300)]
        last = [program.alloc(24)]
        program.free(blocks)
        few = []
        for _ in range(600):
            few.append(program.alloc(dice.randint(10, 120)))
            if len(few) > 20:
                program.free([few.pop(dice.randrange(len(few)))])
        program.free(few)
        program.free(last)
    return program


def bursts(sizes):
    """Bursts in turns: around what is given back at once, say, or around a lot."""
    program = Program()
    for _ in range(40):
        program.alloc(100)
    for step in range(300):
        blocks = [program.alloc(sizes[step % len(sizes)] // 4) for _ in range(4)]
        program.free(blocks)
        program.use_briefly(40, 12)
    return program


def large_blocks_again():
    """The same large block again and again, at the end: to give it back each time is dear."""
    program = Program()
    for _ in range(60):
        program.alloc(100)
    for size in (1000, 3000, 3400, 5000, 9000, 3400):
        program.use_briefly(size, 300)
        program.use_briefly(40, 400)
    return program


def large_blocks_in_turns():
    """A large block within the life of another: what its free gives back is wanted again soon, but not at once."""
    program = Program()
    for _ in range(40):
        program.alloc(100)
    for outer, inner in ((1000, 3400), (1300, 4000), (2000, 5000), (3000, 9000)):
        for _ in range(300):
            first, second = [program.alloc(outer)], [program.alloc(inner)]
            program.free(second)
            program.free(first)
        program.use_briefly(40, 400)
    return program


def large_and_small_blocks():
    """A large block comes and goes; a small one behind it comes and goes half as often."""
    program = Program()
    for _ in range(40):
        program.alloc(100)
    for size in (3400, 5100, 8000):
        small = []
        for _ in range(300):
            large = [program.alloc(size)]
            if small:
                program.free(small)
            else:
                small.append(program.alloc(6))
            program.use_briefly(40, 2)
            program.free(large)
        program.free(small)
    return program


def around_patience():
    """Bursts that come again when patience has just, or has nearly, run out."""
    program = Program()
    for _ in range(40):
        program.alloc(100)
    for size in (600, 1200, 2400, 3200, 6000):
        for patiences in (0.3, 0.9, 1.1, 1.5, 2.5):
            for _ in range(40):
                blocks = [program.alloc(size // 3) for _ in range(3)]
                program.free(blocks[::-1])
                program.use_briefly(30, int(26000 / size * patiences) + 1)
    return program


def drifting_sizes():
    """Each phase has sizes of its own, and leaves a few blocks behind."""
    program, dice, survivors = Program(), random.Random(10), []
    for _ in range(24):
        usual, blocks = dice.choice([14, 22, 30, 46, 62, 94, 126, 190, 254, 382, 510]), []
        for _ in range(600):
            blocks.append(program.alloc(usual + dice.randint(-3, 3)))
            if len(blocks) > 6000 // usual:
                program.free([blocks.pop(dice.randrange(len(blocks)))])
        dice.shuffle(blocks)
        survivors.append([blocks.pop() for _ in range(len(blocks) // 10)])
        program.free(blocks)
        if len(survivors) > 5:
            program.free(survivors.pop(0))
    return program


def vectors():
    """Vectors that grow in turns, by a factor or by a step, among other blocks."""
    program, dice = Program(), random.Random(5)
    grow = [lambda room: room * 2, lambda room: room * 3 // 2, lambda room: room + 32]
    for _ in range(8):
        rooms = [16] * 6
        blocks, others = [program.alloc(16) for _ in rooms], []
        for step in range(700):
            which = dice.randrange(len(rooms))
            if dice.random() < 16 / rooms[which]:
                rooms[which] = grow[which % 3](rooms[which])
                program.resize(blocks[which], rooms[which])
            if step % 3 == 0:
                others.append(program.alloc(dice.randint(8, 60)))
            if len(others) > 8:
                program.free([others.pop(dice.randrange(len(others)))])
        program.free(blocks)
        program.free(others)
    return program


def blocks_beyond_the_first_lot():
    """A heap of blocks for each of which a little more is missing than the first lot, and then nothing for long."""
    program = Program()
    for _ in range(40):
        program.alloc(100)
    for _ in range(20):
        blocks = [program.alloc(520) for _ in range(38)]
        program.free(blocks[::-1])
        program.use_briefly(40, 2000)
    return program


def bursts_amid_frees(size, count):
    """A burst goes back before the last of a row of frees, and what the others leave idle looks like time."""
    program = Program()
    program.use_briefly(90, 10)
    for _ in range(150):
        blocks = [program.alloc(size) for _ in range(count)]
        program.use_briefly(4, 64)
        program.free(blocks[::-1])
    return program


def vector_by_steps():
    """A vector grows by steps, and goes: to give back amid the steps what they have not come to yet is in vain."""
    program = Program()
    program.use_briefly(90, 10)
    for _ in range(40):
        vector = program.alloc(700)
        for size in range(1400, 12000, 700):
            program.resize(vector, size)
        program.use_briefly(60, 20)
        program.free([vector])
    return program


PROGRAMS = {
    "quiet_then_growing": quiet_then_growing,
    "stack": stack,
    "comb": comb,
    "outgrown_holes": outgrown_holes,
    "plateau": plateau,
    "bursts_around_return": lambda: bursts([2900, 3600]),
    "bursts_around_lot": lambda: bursts([400, 560, 1000]),
    "bursts_of_two_sizes": lambda: bursts([6000, 300, 300, 300, 300, 300]),
    "large_blocks_again": large_blocks_again,
    "large_blocks_in_turns": large_blocks_in_turns,
    "large_and_small_blocks": large_and_small_blocks,
    "around_patience": around_patience,
    "drifting_sizes": drifting_sizes,
    "blocks_beyond_the_first_lot": blocks_beyond_the_first_lot,
    "bursts_amid_frees": lambda: bursts_amid_frees(700, 8),
    "bursts_amid_frees_of_large_blocks": lambda: bursts_amid_frees(10156, 5),
    "bursts_amid_many_frees": lambda: bursts_amid_frees(450, 12),
    "vector_by_steps": vector_by_steps,
    "vectors": vectors,
}


def write(folder):
    """Writes each program as a trace into a folder, and returns the files."""
    files = []
    for name, make in PROGRAMS.items():
        files.append(Path(folder) / f"{name}.mtr")
        files[-1].write_bytes(trace_bytes(make().operations, pointer=4))
    return files


def main():
    """Writes the traces, and prints where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write them")
    try:
        files = write(parser.parse_args().folder)
    except OSError as error:
        sys.exit(f"adversaries: {error}")
    print(*files, sep="\n")


if __name__ == "__main__":
    main()
