# SPDX-License-Identifier: Apache-2.0 OR MIT

"""What the host's tools print, as figures."""

from toolchain import BenchError, run
from traces import RECORDED, geometric_mean

COSTS = ("price", "cost", "least", "ratio", "held", "moves_per_1000", "displaced")
MEMORY = ("footprint", "required", "region", "moves_per_1000", "grows", "shrinks", "peak")


def rows_of(text, names):
    """The lines of a tool's table that are about a trace: (trace, figures)."""
    rows = []
    for line in text.splitlines():
        words = line.split()
        if len(words) == len(names) + 1 and words[0].count("_") == 1:
            rows.append((words[0], dict(zip(names, map(float, words[1:])))))
    if not rows:
        raise BenchError(f"a tool printed nothing that could be read:\n{text[:500]}")
    return rows


def cost_ratios(tool):
    """The cost of the default policy over the least possible: per trace, and over the recorded ones, by price."""
    prices = {}
    for trace, figures in rows_of(run([tool]), COSTS):
        if figures["displaced"]:
            raise BenchError(f"{trace}: the policy changed where blocks are placed, so costs cannot be compared")
        prices.setdefault(f"{figures['price']:g}", {})[trace] = figures
    summary = {}
    for price, by_trace in prices.items():
        ratios = [by_trace[name]["ratio"] for name in RECORDED]
        summary[price] = {"mean": geometric_mean(ratios), "worst": max(ratios), "traces": by_trace}
    return summary


def memory(tool, options=()):
    """Memory under a policy, per trace."""
    return dict(rows_of(run([tool, *options]), MEMORY))
