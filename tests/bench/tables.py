# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Results as tables for people to read, in Markdown."""

COLUMNS = {
    "alloc_mean": "alloc mean", "alloc_p99": "p99", "alloc_p999": "p99.9", "alloc_rest": "max", "alloc_max": "moving",
    "free_mean": "free mean", "free_p99": "p99", "free_p999": "p99.9", "free_rest": "max", "free_max": "moving",
    "alloc_and_free": "sum of means",
    "realloc_mean": "realloc mean", "realloc_p99": "p99", "realloc_rest": "max", "realloc_max": "moving",
    "calloc_mean": "calloc mean",
}
MEAN_COLUMNS = {
    "alloc_mean": "alloc", "free_mean": "free", "alloc_and_free": "sum", "realloc_mean": "realloc",
}
MEMORY_COLUMNS = {
    "footprint": "footprint", "region_over_payload": "mean region / payload", "moves_per_1000": "moves per 1000",
}

# What the core must reach, over the recorded traces: figure, text, must, aim.
TARGETS = [
    ("alloc_mean", "alloc mean", 55, 40),
    ("free_mean", "free mean", 55, 40),
    ("alloc_and_free", "alloc + free", 105, 80),
    ("alloc_rest_any", "alloc max, any trace, store calls apart", 180, 130),
    ("free_rest_any", "free max, any trace, store calls apart", 140, 100),
    ("realloc_mean", "realloc mean without the copy", 90, 70),
    ("footprint", "footprint", 1.14, 1.12),
    ("region_over_payload", "mean region / mean payload", 1.42, 1.40),
    ("moves_per_1000", "moves per 1000 operations", 50, 25),
    ("pinned_instructions", "pinned over never returning, instructions", 1.05, 1.05),
    ("pinned_with_kernel", "the same, with 2600 for each store call", 1.05, 1.05),
]


def number(value, name=""):
    """A figure with as many digits as it deserves."""
    if value is None:
        return "–"
    if name in ("footprint", "region_over_payload", "ratio", "pinned_instructions", "pinned_with_kernel"):
        return f"{value:.3f}"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def table(head, rows):
    """A Markdown table with its columns aligned for reading as text."""
    cells = [head, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def by_subject(summaries, columns):
    """One row for each subject, over the recorded traces."""
    rows = [[name, *(number(summary["recorded"].get(column), column) for column in columns)]
            for name, summary in summaries.items()]
    return table(["", *columns.values()], rows)


def by_trace(summary, columns):
    """One row for each trace of one subject."""
    rows = [[name, *(number(figures.get(column), column) for column in columns)]
            for name, figures in summary["traces"].items()]
    return table(["", *columns.values()], rows)


def footprints(summaries):
    """One row for each trace, one column for each subject."""
    names = list(next(iter(summaries.values()))["traces"])
    rows = [[name, *(number(summary["traces"][name]["footprint"], "footprint") for summary in summaries.values())]
            for name in names]
    return table(["", *summaries], rows)


def verdict(text, value, must, aim, name=""):
    """One row: what must be reached, and whether it is."""
    word = "aim met" if value <= aim else "must met" if value <= must else "NOT MET"
    return [text, number(value, name), str(must), str(aim), word]


def verdicts(summary):
    """Whether a subject is as fast and as small as it must be."""
    rows = [verdict(text, summary["recorded"][figure], must, aim, figure)
            for figure, text, must, aim in TARGETS if summary["recorded"].get(figure) is not None]
    rows.append(verdict("control memory of a heap, bytes", summary["subject"]["control"], 160, 128))
    return table(["", "now", "must", "aim", ""], rows)


def code_verdict(code):
    """Whether the code is as small as it must be."""
    return table(["", "now", "must", "aim", ""], [verdict("code, Cortex-M4 -Os, bytes", code, 1400, 1150)])


def policy_verdicts(ratios):
    """Whether the default policy is as near to the clairvoyant as it must be."""
    rows = []
    for price, figures in ratios.items():
        rows.append(verdict(f"geometric mean at {price} per idle byte", figures["mean"], 2.0, 1.6, "ratio"))
        rows.append(verdict(f"worst recorded trace at {price}", figures["worst"], 3.5, 2.5, "ratio"))
    return table(["", "now", "must", "aim", ""], rows)


def policy_costs(ratios):
    """The cost over the least possible one: a row for each trace, a column for each price."""
    traces = next(iter(ratios.values()))["traces"]
    rows = [[trace, *(number(figures["traces"][trace]["ratio"], "ratio") for figures in ratios.values()),
             *(number(figures["traces"][trace]["moves_per_1000"]) for figures in ratios.values())] for trace in traces]
    head = ["", *(f"ratio at {price}" for price in ratios), *(f"moves per 1000 at {price}" for price in ratios)]
    return table(head, rows)


def by_target(sizes, text):
    """One row for each subject and optimisation, one column for each target; `text` makes a cell of what is known."""
    targets = list(dict.fromkeys(target for subject in sizes.values() for of_one in subject.values()
                                 for target in of_one))
    rows = [[subject, optimisation, *(text(of_one[target]) if target in of_one else "–" for target in targets)]
            for subject, by_optimisation in sizes.items() for optimisation, of_one in by_optimisation.items()]
    return table(["", "", *targets], rows)


def code_sizes(sizes):
    """Bytes of code and of static RAM."""
    return by_target(sizes, lambda size: f"{size['code']} + {size['static']}")


def stacks(sizes):
    """Bytes of stack, of those subjects of which they are known."""
    known = {name: by_optimisation for name, by_optimisation in sizes.items()
             if all(size["stack"] is not None for of_one in by_optimisation.values() for size in of_one.values())}
    return by_target(known, lambda size: number(size["stack"]))


def of_programs(measured):
    """One row for each program, two columns for each allocator."""
    allocators = list(next(iter(measured.values())))

    def cell(figures):
        return f"{figures['time']:.2f}, {figures['peak_kib'] / 1024:.1f} MiB"

    rows = [[program, *(cell(of_one[name]) for name in allocators)] for program, of_one in measured.items()]
    return table(["", *allocators], rows)
