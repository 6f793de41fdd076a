# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Mean instructions of calls on an emulated Cortex-M machine, which counts only time."""

import board_program
from board_program import fields
from traces import geometric_mean

# A tick of the machine's 25 MHz is 40 ns, an instruction is 8.
INSTRUCTIONS_PER_TICK = 5
FUNCTIONS = ("alloc", "free", "realloc")


def instructions(sums, cost_of_call, cost_of_apart):
    """The mean of the calls that were summed, with what counting costs taken off."""
    time = INSTRUCTIONS_PER_TICK * (sums["time"] - sums["apart_time"])
    return (time - sums["apart_calls"] * cost_of_apart) / sums["calls"] - cost_of_call


def parse(lines):
    """Figures per trace, and over the recorded ones."""
    calibration = {words[2]: fields(words[3:]) for words in lines if words[0] == "calibration"}
    cost_of_call = instructions(calibration["empty"], 0, 0) - 1
    cost_of_apart = instructions(calibration["apart"], cost_of_call, 0) - 1
    traces = {}
    recorded = {words[1] for words in lines if words[0] == "trace" and not fields(words[2:])["synthetic"]}
    for words in lines:
        if words[0] == "sum" and fields(words[3:])["calls"]:
            traces.setdefault(words[1], {})[f"{words[2]}_mean"] = instructions(fields(words[3:]), cost_of_call,
                                                                               cost_of_apart)
    for figures in traces.values():
        figures["alloc_and_free"] = figures["alloc_mean"] + figures["free_mean"]
    names = [f"{function}_mean" for function in FUNCTIONS] + ["alloc_and_free"]
    means = {name: geometric_mean([traces[trace].get(name) for trace in recorded if trace in traces]) for name in names}
    return {"calibration": {"cost_of_call": cost_of_call, "cost_of_apart": cost_of_apart}, "traces": traces,
            "recorded": means}


def measure(subject, target, optimisation, traces, directory):
    """Builds and runs the measurement of one subject."""
    program = board_program.build("times.c", subject, target, optimisation, traces, directory)
    return parse(board_program.execute(program, target))
