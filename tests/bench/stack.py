# SPDX-License-Identifier: Apache-2.0 OR MIT

"""
Bytes of stack that an allocator takes at most: the deepest path through the call graph that GCC writes beside objects.
tests/tock asks this of malloc in an app.

A bound and not a measurement: no run shows the deepest path for certain. Where a function's last call is a jump, its
frame is gone by then. The graph does not say so, but the objects do.
"""

import re

from toolchain import TARGETS, BenchError, run

NODE = re.compile(r'^node: \{ title: "([^"]+)" label: "[^"]*\\n(\d+) bytes \((\w+)[^"]*\)"')
EDGE = re.compile(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
INDIRECT = "__indirect_call"

FUNCTION = re.compile(r"^[0-9a-f]+ <([^.>][^>]*)>:$")
RELOCATION = re.compile(r"^\s+[0-9a-f]+: R_(\w+)\s+([^.\s+-]\S*)$")
# A jump differs from a call by its relocation on Arm, and on RISC-V by the instruction that is relocated.
ARM_JUMP = re.compile(r"ARM_(THM_)?JUMP\d+")
RISCV_JUMP = re.compile(r"\t(j|auipc\tt\d)\b")


def short(title):
    """The name of a function: one that only its own object knows has the name of its source before that."""
    return title.split(":")[-1]


def jumps(target, path):
    """The pairs of functions of an object of which the first ends in a jump to the second, and never calls it."""
    jumped, called = set(), set()
    caller, instruction = None, ""
    for line in run([TARGETS[target][0] + "objdump", "-dr", "--no-show-raw-insn", path]).splitlines():
        if function := FUNCTION.match(line):
            caller = function.group(1)
        elif relocation := RELOCATION.match(line):
            kind, callee = relocation.groups()
            is_jump = ARM_JUMP.fullmatch(kind) or (kind.startswith("RISCV") and RISCV_JUMP.search(instruction))
            (jumped if is_jump else called).add((caller, callee))
        elif "R_RISCV_RELAX" not in line:
            instruction = line
    return jumped - called


def call_graph(target, objects):
    """
    Returns {function: bytes of its frame}, {function: functions that it calls} and {function: functions that it ends in
    a jump to}, of all objects together.
    """
    frames, calls, ends = {}, {}, {}
    for number, path in enumerate(objects):
        def unique(title, number=number):
            return f"{number}:{title}" if ":" in title else title

        jumped = jumps(target, path)
        for line in path.with_suffix(".ci").read_text(encoding="utf-8").splitlines():
            if node := NODE.match(line):
                title, size, kind = node.groups()
                if kind != "static":
                    raise BenchError(f"{path}: the frame of {title} has no bound")
                frames[unique(title)] = int(size)
            elif edge := EDGE.match(line):
                is_jump = tuple(map(short, edge.groups())) in jumped
                caller, callee = map(unique, edge.groups())
                (ends if is_jump else calls).setdefault(caller, set()).add(callee)
    return frames, calls, ends


def depth(function, graph, path=()):
    """Bytes of stack from a function down. What the graph does not have takes none: see README.md."""
    if function in path:
        raise BenchError(f"{' -> '.join([*path, function])}: recursion has no bound")

    def deepest_of(functions):
        return max((depth(callee, graph, (*path, function)) for callee in functions), default=0)

    frames, calls, ends = graph
    return max(frames.get(function, 0) + deepest_of(calls.get(function, ())), deepest_of(ends.get(function, ())))


def deepest(target, objects, functions, by_pointer=()):
    """
    Bytes of stack that the deepest of these functions takes; None if they are in none of the objects. What is called
    by a pointer is one of those named `by_pointer`.
    """
    graph = frames, calls, _ = call_graph(target, objects)
    calls[INDIRECT] = {title for title in frames if short(title) in by_pointer}
    known = [function for function in functions if function in frames]
    return max((depth(function, graph) for function in known), default=None)
