# SPDX-License-Identifier: Apache-2.0 OR MIT

"""What was measured, as tables in Markdown."""

from math import exp, log

EBB = "ebb"
TITLES = {"ebb": "ebb", "ebb_16": "ebb, granule 16", "newlib_nano": "newlib-nano", "newlib": "newlib",
          "picolibc": "picolibc"}
PEERS = ["newlib_nano", "newlib", "picolibc"]


def geometric_mean(ratios):
    return exp(sum(map(log, ratios)) / len(ratios))


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


def bytes_of(figures):
    return "does not run" if figures is None else f"{figures['total']:,}"


def ratio_to(row, peer):
    """ebb's memory over a peer's; None if one of them is not known."""
    if not row.get(EBB) or not row.get(peer):
        return None
    return row[EBB]["total"] / row[peer]["total"]


def least_peer(row):
    known = [peer for peer in PEERS if row.get(peer)]
    return min(known, key=lambda peer: row[peer]["total"]) if known else None


def script_row(program, script, row, allocators):
    best = least_peer(row)
    ratio = ratio_to(row, best) if best else None
    saved = f"{less(ratio)} ({TITLES[best]})" if ratio else "–"
    return [f"{program}: {script}", *(bytes_of(row[name]) for name in allocators), saved]


def board_table(board):
    """One row for each script; `board` is {program: {script: {allocator: figures}}}."""
    rows = [(program, script, row) for program, scripts in board.items() for script, row in scripts.items()]
    allocators = [name for name in TITLES if name in rows[0][2]]
    head = ["script", *(TITLES[name] for name in allocators), "ebb beside the best other"]
    return table(head, [script_row(*row, allocators) for row in rows])


def mean_cell(rows, peer):
    ratios = [ratio for ratio in (ratio_to(row, peer) for row in rows) if ratio]
    return less(geometric_mean(ratios)) if ratios else "–"


def summary_table(results):
    """Geometric means over scripts, for each program and board and over all."""
    groups = {f"{program}, {board}": list(scripts.values())
              for board, programs in results.items() for program, scripts in programs.items()}
    groups["all"] = [row for rows in groups.values() for row in rows]
    rows = []
    for name, group in groups.items():
        best = [ratio_to(row, least_peer(row)) for row in group if row.get(EBB) and least_peer(row)]
        rows.append([name, *(mean_cell(group, peer) for peer in PEERS), less(geometric_mean(best)) if best else "–"])
    return table(["ebb needs", *(f"than {TITLES[peer]}" for peer in PEERS), "than the best other each time"], rows)


def static_table(statics):
    """Static memory of each allocator, which is part of the figures above."""
    names = [name for name in TITLES if any(name in board for board in statics.values())]
    rows = [[board, *(str(of_board.get(name, "–")) for name in names)] for board, of_board in statics.items()]
    return table(["static bytes among them", *(TITLES[name] for name in names)], rows)


def everything(results, statics):
    parts = []
    for board, programs in results.items():
        parts += [f"## {board}", board_table(programs)]
    return "\n\n".join([*parts, "## Together", summary_table(results), static_table(statics)])
