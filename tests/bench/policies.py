# SPDX-License-Identifier: Apache-2.0 OR MIT

"""What the clairvoyant prints of the costs of the default policy, as figures."""

import re

from toolchain import BenchError, run

COSTS = ("price", "cost", "least", "ratio", "held", "moves_per_1000", "displaced")

# What a line about all recorded traces begins with.
MEANS = "recorded"


def rows_of(text, names):
    """The lines of a tool's table that are about a trace: (trace, figures)."""
    rows = []
    for line in text.splitlines():
        words = line.split()
        if len(words) == len(names) + 1 and words[0] != MEANS:
            rows.append((words[0], dict(zip(names, map(float, words[1:])))))
    if not rows:
        raise BenchError(f"a tool printed nothing that could be read:\n{text[:500]}")
    return rows


def means_of(text):
    """What the tool says of all recorded traces, by price: the geometric mean of their ratios, and the worst. Nothing
    if all were made up."""
    means = {}
    for line in text.splitlines():
        if line.startswith(MEANS):
            price, mean, worst = re.findall(r"[0-9.]+", line)
            means[price] = {"mean": float(mean), "worst": float(worst)}
    return means


def cost_ratios(tool, traces=()):
    """The cost of the default policy over the least possible: per trace, and over the recorded ones, by price."""
    text = run([tool, *traces])
    prices = {}
    for trace, figures in rows_of(text, COSTS):
        if figures["displaced"]:
            raise BenchError(f"{trace}: the policy changed where blocks are placed, so costs cannot be compared")
        prices.setdefault(f"{figures['price']:g}", {})[trace] = figures
    means = means_of(text)
    return {price: {"traces": by_trace, **means.get(price, {})} for price, by_trace in prices.items()}
