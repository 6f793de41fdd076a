# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tables of the demo, as lines of text."""

from statistics import geometric_mean

from records import STRATEGIES

NAMES = {"fixed": "fixed", "grow-only": "grow only", "grow-and-return": "grow and return"}


def align(rows):
    """Columns as wide as they have to be; the first two to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ]
        yield "  " + "  ".join(cells).rstrip()


def per(total, count):
    return f"{total / count:,.0f}" if total and count else "-"


def mean_held(outcome):
    return outcome["region_sum"] / outcome["operations"]


def replay_row(report, run, is_first):
    outcome = run.records["outcome"]
    return [
        report.head["name"] if is_first else "",
        NAMES[run.strategy],
        f"{outcome['payload_peak']:,}",
        f"{outcome['region_peak']:,}",
        f"{mean_held(outcome):,.0f}",
        f"{outcome['returned']:,}",
        f"{outcome['moves']:,}",
        per(outcome["instructions"], outcome["operations"]),
        per(outcome["move_instructions"], outcome["moves"] + outcome["refusals"]),
    ]


REPLAY_HEAD = [
    ["", "", "payload", "RAM", "RAM", "given", "break", "instr.", "instr."],
    ["trace", "strategy", "peak, B", "peak, B", "mean, B", "back, B", "moves", "/call", "/move"],
]


def replay_table(reports):
    rows = list(REPLAY_HEAD)
    for report in reports:
        runs = [report.runs[strategy] for strategy in STRATEGIES if strategy in report.runs]
        rows += [replay_row(report, run, run is runs[0]) for run in runs]
    return list(align(rows))


def share_held(reports, strategy):
    """RAM held on average, as a share of what a fixed heap reserves; geometric mean over the traces."""
    return geometric_mean(
        mean_held(report.runs[strategy].records["outcome"]) / mean_held(report.runs["fixed"].records["outcome"])
        for report in reports
    )


def replay_summary(reports):
    complete = [report for report in reports if set(STRATEGIES) <= set(report.runs)]
    if not complete:
        return []
    shares = {strategy: 100 * share_held(complete, strategy) for strategy in STRATEGIES[1:]}
    trials = sum(search["trials"] for report in complete for search in report.searches)
    return [
        f"  RAM held on average, in % of the fixed heap (geometric mean): grow only {shares['grow-only']:.0f}, "
        f"grow and return {shares['grow-and-return']:.0f}.",
        "  RAM: from the heap's start to the break; mean over the calls. The fixed heap has the smallest size with",
        f"  which the trace succeeds, found on the board by bisection in {trials} more replays: no real app knows it.",
        "  Instructions: /call without the moves of the break, /move with the kernel's part, which clears new memory.",
    ]


SCENARIO_HEAD = ["strategy", "answer", "heap at peak", "break", "MPU opens to", "grants start", "free", "grant wanted"]


def scenario_row(run):
    room, driver = run.records["room"], run.records["driver"]
    return [
        NAMES[run.strategy],
        "given" if driver["given"] else "REFUSED",
        f"{room['region']:,}",
        f"{driver['break']:,}",
        f"{driver['protected']:,}",
        f"{driver['grants']:,}",
        f"{driver['grants'] - driver['protected']:,}",
        f"{driver['request']:,}",
    ]


def scenario_table(report):
    rows = [SCENARIO_HEAD]
    rows += [scenario_row(report.runs[strategy]) for strategy in STRATEGIES if strategy in report.runs]
    return list(align(rows))
