# SPDX-License-Identifier: Apache-2.0 OR MIT

"""What was measured, as tables in Markdown."""

from statistics import geometric_mean

EBB = "ebb"
TITLES = {"ebb": "ebb", "ebb_16": "ebb, granule 16", "ebb_first_fit": "ebb, first fit", "newlib_nano": "newlib-nano",
          "newlib": "newlib", "picolibc": "picolibc"}
PEERS = ["newlib_nano", "newlib", "picolibc"]


def less(ratio):
    """A ratio as what is saved."""
    return f"{100 * (1 - ratio):.1f} % less" if ratio <= 1 else f"{100 * (ratio - 1):.1f} % MORE"


def table(head, rows):
    """A Markdown table; all columns but the first are numbers."""
    cells = [head, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |" for row in cells]
    lines.insert(1, "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|")
    return "\n".join(lines)


DOES_NOT_RUN = "does not run"


def bytes_of(figures, measure):
    return DOES_NOT_RUN if figures is None else f"{figures[measure]:,}"


def range_of(figures):
    """From the least to the safe memory; one number if they are the same."""
    if figures is None:
        return DOES_NOT_RUN
    ends = dict.fromkeys((figures["least"], figures["safe"]))
    return " to ".join(f"{end:,}" for end in ends)


def ratio_to(row, peer, measure):
    """ebb's memory over a peer's; None if one of them is not known."""
    if not row.get(EBB) or not row.get(peer):
        return None
    return row[EBB][measure] / row[peer][measure]


def best_peer(row, measure):
    known = [peer for peer in PEERS if row.get(peer)]
    return min(known, key=lambda peer: row[peer][measure]) if known else None


def script_row(name, row, allocators, measure):
    best = best_peer(row, measure)
    ratio = ratio_to(row, best, measure) if best else None
    saved = f"{less(ratio)} ({TITLES[best]})" if ratio else "–"
    return [name, *(bytes_of(row.get(allocator), measure) for allocator in allocators), saved]


def rows_and_allocators(board):
    """The rows of a board's tables, and what they compare; `board` is {program: {script: {allocator: figures}}}."""
    rows = {f"{program}: {script}": row for program, scripts in board.items() for script, row in scripts.items()}
    return rows, [name for name in TITLES if any(name in row for row in rows.values())]


def typical_table(board):
    """What each script typically needs, one row for each."""
    rows, allocators = rows_and_allocators(board)
    head = ["script", *(TITLES[name] for name in allocators), "ebb beside the best other"]
    return table(head, [script_row(name, row, allocators, "typical") for name, row in rows.items()])


def range_table(board):
    """From the least to the safe memory of each script."""
    rows, allocators = rows_and_allocators(board)
    return table(["script", *(TITLES[name] for name in allocators)],
                 [[name, *(range_of(row.get(allocator)) for allocator in allocators)] for name, row in rows.items()])


def mean_cell(ratios):
    known = [ratio for ratio in ratios if ratio]
    return less(geometric_mean(known)) if known else "–"


def summary_row(name, rows, measure):
    cells = [mean_cell(ratio_to(row, peer, measure) for row in rows) for peer in PEERS]
    best = mean_cell(ratio_to(row, best_peer(row, measure), measure) for row in rows if best_peer(row, measure))
    return [name, *cells, best]


def summary_table(results, measure, head):
    """Geometric means over scripts, for each program and board and over all."""
    groups = {f"{program}, {board}": list(scripts.values())
              for board, programs in results.items() for program, scripts in programs.items()}
    groups["all"] = [row for rows in groups.values() for row in rows]
    head = [head, *(f"than {TITLES[peer]}" for peer in PEERS), "than the best other each time"]
    return table(head, [summary_row(name, rows, measure) for name, rows in groups.items()])


def static_table(statics):
    """Static memory of each allocator, which is part of the figures above."""
    names = [name for name in TITLES if any(name in board for board in statics.values())]
    rows = [[board, *(str(of_board.get(name, "–")) for name in names)] for board, of_board in statics.items()]
    return table(["static bytes among them", *(TITLES[name] for name in names)], rows)


def for_each_board(results, make_table):
    return [part for board, programs in results.items() for part in (f"{board}, bytes:", make_table(programs))]


def everything(results, statics):
    return "\n\n".join([
        "## Typical memory",
        summary_table(results, "typical", "ebb needs"),
        *for_each_board(results, typical_table),
        "## From the least memory to what is safe",
        summary_table(results, "least", "ebb needs at least"),
        summary_table(results, "safe", "ebb needs to be safe"),
        *for_each_board(results, range_table),
        "## Static memory",
        static_table(statics),
    ])
