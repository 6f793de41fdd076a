# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the pictures of a replay and of the scenario say."""

from memory_chart import Chart, GrantRequest, Panel
from records import STRATEGIES

TITLES = {
    "fixed": "Fixed: reserved at the start",
    "grow-only": "Grow only",
    "grow-and-return": "Grow and return",
}
# Rounding finer than this cannot be seen in a picture.
VISIBLE_GRANULE = 256


def in_kibibytes(size):
    return f"{size / 1024:,.1f} KiB"


def reachable_end(facts):
    """The function from the end of the region to what protection opens for it, None if they are nearly the same."""
    granule, offset = facts["granule"], facts["start_in_granule"]
    if granule < VISIBLE_GRANULE:
        return None
    return lambda size: (size + offset + granule - 1) // granule * granule - offset


def replay_panel(run):
    outcome = run.records["outcome"]
    mean = outcome["region_sum"] / outcome["operations"]
    moves = f"{outcome['moves']:,} move{'' if outcome['moves'] == 1 else 's'}"
    figures = f"peak {in_kibibytes(outcome['region_peak'])}, mean {in_kibibytes(mean)}, {moves}"
    return Panel(TITLES[run.strategy], [figures], run.samples, outcome["limit"], reachable_end(outcome))


def replay_chart(report, board):
    head = report.head
    title = f"{head['name']} on {board}"
    source = "Made by a generator" if head["synthetic"] else "Recorded from a program"
    subtitle = (
        f"{source}: {head['operations']:,} calls, replayed in an app; "
        f"payload peaks at {in_kibibytes(head['payload_peak'])}. Pale: reached at times."
    )
    panels = [replay_panel(report.runs[strategy]) for strategy in STRATEGIES if strategy in report.runs]
    return Chart(title, subtitle, panels)


def request_of(run):
    driver = run.records["driver"]
    free = driver["grants"] - driver["protected"]
    answer = f"grant of {driver['request']:,} B {'given' if driver['given'] else 'refused'}: {free:,} B were free"
    return GrantRequest(driver["call"], driver["grants"], driver["request"], driver["given"] == 1, answer)


def scenario_panel(run):
    room = run.records["room"]
    request = request_of(run)
    return Panel(TITLES[run.strategy], [request.answer], run.samples, room["limit"], reachable_end(room), request)


def scenario_chart(report, board):
    records = report.runs["grow-only"].records["room"]["records"]
    title = f"First use of a driver after a job that took all memory, on {board}"
    subtitle = f"The app takes in {records} records, frees them, and then uses a driver whose grant needs the same RAM."
    panels = [scenario_panel(report.runs[strategy]) for strategy in STRATEGIES if strategy in report.runs]
    return Chart(title, subtitle, panels)
