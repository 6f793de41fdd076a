# SPDX-License-Identifier: Apache-2.0 OR MIT

"""
Bytes of stack that an allocator takes at most: the deepest path through the call graph that GCC writes beside objects.

A bound and not a measurement: no run shows the deepest path for certain. It is too large where a function's last call
is a jump, as its frame is gone by then.
"""

import re

from toolchain import BenchError

NODE = re.compile(r'^node: \{ title: "([^"]+)" label: "[^"]*\\n(\d+) bytes \((\w+)[^"]*\)"')
EDGE = re.compile(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
INDIRECT = "__indirect_call"


def call_graph(objects):
    """Returns {function: bytes of its frame} and {function: functions that it calls}, of all objects together."""
    frames, calls = {}, {}
    for number, path in enumerate(objects):
        def unique(title, number=number):
            # A function that only its own object knows has the name of its source before its own.
            return f"{number}:{title}" if ":" in title else title

        for line in path.with_suffix(".ci").read_text(encoding="utf-8").splitlines():
            if node := NODE.match(line):
                title, size, kind = node.groups()
                if kind != "static":
                    raise BenchError(f"{path}: the frame of {title} has no bound")
                frames[unique(title)] = int(size)
            elif edge := EDGE.match(line):
                caller, callee = map(unique, edge.groups())
                calls.setdefault(caller, set()).add(callee)
    return frames, calls


def depth(function, frames, calls, path=()):
    """Bytes of stack from a function down. What the graph does not have takes none: see README.md."""
    if function in path:
        raise BenchError(f"{' -> '.join([*path, function])}: recursion has no bound")
    below = (depth(callee, frames, calls, (*path, function)) for callee in calls.get(function, ()))
    return frames.get(function, 0) + max(below, default=0)


def deepest(objects, functions, by_pointer=()):
    """
    Bytes of stack that the deepest of these functions takes; None if they are in none of the objects. What is called
    by a pointer is one of those named `by_pointer`.
    """
    frames, calls = call_graph(objects)
    calls[INDIRECT] = {title for title in frames if title.split(":")[-1] in by_pointer}
    known = [function for function in functions if function in frames]
    return max((depth(function, frames, calls) for function in known), default=None)
