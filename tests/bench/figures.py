# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Figures per trace, and over the traces, from what a measurement printed."""

from traces import arithmetic_mean, geometric_mean

FUNCTIONS = ("alloc", "free", "realloc", "calloc")
PERCENTILES = ("p50", "p99", "p999", "max", "rest")
MAXIMA = ("max", "rest")


def of_run(run):
    """Figures of one replay."""
    figures = {}
    for function in FUNCTIONS:
        calls = run[function]
        if calls["count"] == 0:
            continue
        figures[f"{function}_mean"] = calls["sum"] / calls["count"]
        for name in PERCENTILES:
            figures[f"{function}_{name}"] = calls[name]
    memory = run["memory"]
    figures["alloc_and_free"] = figures["alloc_mean"] + figures["free_mean"]
    calls = [run[function] for function in ("alloc", "free", "realloc")]
    figures["call_mean"] = sum(each["sum"] for each in calls) / sum(each["count"] for each in calls)
    figures["region_over_payload"] = memory["region_sum"] / memory["payload_sum"]
    figures["moves_per_1000"] = 1000 * (memory["grows"] + memory["shrinks"]) / memory["operations"]
    figures["store_per_operation"] = memory["store_instructions"] / memory["operations"]
    figures["copied_per_operation"] = memory["copy_instructions"] / memory["operations"]
    return figures


def of_trace(trace):
    """Figures of one trace: at the default policy, and the worst of that and of the tightest memory."""
    figures = of_run(trace["default"])
    figures["footprint"] = trace["footprint"] / trace["peak_live"]
    tight = of_run(trace["tight"])
    for name in (f"{function}_{largest}" for function in FUNCTIONS for largest in MAXIMA):
        if name in figures:
            figures[name] = max(figures[name], tight[name])
    figures["tight_alloc_mean"] = tight["alloc_mean"]
    figures["tight_free_mean"] = tight["free_mean"]
    return figures


def is_recorded(trace):
    """Whether a program was recorded, and no generator made it up."""
    return not trace["synthetic"]


def over_recorded(per_trace, traces):
    """Over the recorded traces: the worst of maxima, the mean of moves, the geometric mean of all else."""
    recorded = [figures for name, figures in per_trace.items() if is_recorded(traces[name])]
    figures = {}
    for name in dict.fromkeys(name for trace in recorded for name in trace):
        values = [trace[name] for trace in recorded if name in trace]
        if name.endswith(tuple(f"_{largest}" for largest in MAXIMA)):
            figures[name] = max(values)
        elif name == "moves_per_1000":
            figures[name] = arithmetic_mean(values)
        else:
            figures[name] = geometric_mean(values)
    for name in (f"{function}_{largest}" for function in FUNCTIONS for largest in MAXIMA):
        values = [trace[name] for trace in per_trace.values() if name in trace]
        if values:
            figures[f"{name}_any"] = max(values)
    return figures


# Instructions that a kernel takes for a call to move the end, whether it moves it or refuses to.
STORE_CALL = 2600


def effort(run):
    """Instructions of all calls of one replay, and the same with what a kernel takes for the store's calls."""
    memory = run["memory"]
    instructions = memory["store_instructions"] + sum(run[name]["sum"] for name in ("alloc", "free", "realloc"))
    return instructions, instructions + STORE_CALL * (memory["grows"] + memory["shrinks"] + memory["refusals"])


def of_pinned(traces):
    """What a heap pays, over all recorded traces, whose store takes nothing back, over one that never offers it."""
    pairs = [(effort(trace["pinned"]), effort(trace["grow_only"])) for trace in traces.values()
             if is_recorded(trace) and "pinned" in trace]
    if not pairs:
        return {}
    return {name: sum(pinned[index] for pinned, _ in pairs) / sum(free[index] for _, free in pairs)
            for index, name in enumerate(("pinned_instructions", "pinned_with_kernel"))}


def summarise(measured):
    """All figures of one measurement."""
    per_trace = {name: of_trace(trace) for name, trace in measured["traces"].items()}
    return {"subject": measured["subject"], "traces": per_trace,
            "recorded": over_recorded(per_trace, measured["traces"]) | of_pinned(measured["traces"])}
