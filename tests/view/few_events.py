# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Events that are few enough to say what has to come out: every kind of operation, and a move of each direction."""

import json

HEAD = {"trace": "few", "geometry": "16/8", "granule": 8, "header": 2, "maximum": 0, "operations": 10}

# Blocks lie from address - 2 to address - 2 + size; the control block ends at 174.
EVENTS = [
    ["m", 0, 0, 512],
    [0, "a", 0, 176, 16, 10, 512, 192, None, 10, "main.c:10"],
    [1, "c", 1, 192, 32, 30, 512, 224, None, 40, "<b>&\"'"],
    [2, "a", 2, 224, 64, 50, 512, 288, None, 90],
    [3, "f", 1, 192, 32, 0, 512, 288, None, 60],
    ["m", 4, 512, 1024],
    [4, "r", 0, 288, 400, 390, 1024, 688, None, 440],
    [5, "x", 3, None, 0, 60000, 1024, 688, None, 440],
    [6, "l", 4, 704, 128, 100, 1024, 832, None, 540],
    [7, "f", 4, 704, 128, 0, 1024, 688, None, 440],
    [8, "f", 3, None, 0, 0, 1024, 688, None, 440],
    ["m", 9, 1024, 512],
    [9, "f", 0, 288, 400, 0, 512, 288, None, 50],
]


def as_lines(values):
    return [json.dumps(value) + "\n" for value in values]


def write(path, values):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(as_lines(values))
    return path
