# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Instructions of every call, and memory, on an emulated RV32 machine that counts exactly."""

import board_program
from board_program import fields


def parse(lines):
    """Turns the program's lines into nested dictionaries."""
    results = {"traces": {}}
    traces = results["traces"]
    for words in lines:
        if words[0] == "subject":
            results["subject"] = fields(words[1:])
        elif words[0] == "trace":
            traces[words[1]] = fields(words[2:])
        elif words[0] == "footprint":
            traces[words[1]]["footprint"] = fields(words[2:])["bytes"]
        elif words[0] == "memory":
            traces[words[2]].setdefault(words[1], {})["memory"] = fields(words[3:])
        elif words[0] == "calls":
            traces[words[2]].setdefault(words[1], {})[words[3]] = fields(words[4:])
    return results


def measure(subject, target, optimisation, traces, directory):
    """Builds and runs the measurement of one subject."""
    program = board_program.build("instructions.c", subject, target, optimisation, traces, directory)
    return parse(board_program.execute(program, target))
