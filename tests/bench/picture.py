# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Draws where the allocators stand between speed and memory, as SVG that is legible on light and on dark pages."""

from html import escape

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 56, 56
NAME_WIDTH, NAME_HEIGHT = 110, 14

STYLE = """
    .page{fill:#ffffff}.grid{stroke:#d8dee4}.text{fill:#1f2328}.quiet{fill:#57606a}
    .peer{fill:#8c959f}.ours{fill:#2f6fc4}text{font:13px sans-serif}
    @media (prefers-color-scheme:dark){.page{fill:#0d1117}.grid{stroke:#2b323b}.text{fill:#e6edf3}.quiet{fill:#9aa4af}
    .peer{fill:#6e7681}.ours{fill:#4c8fe8}}
"""


class Axis:
    """Maps figures onto one side of the picture, from 0 or from `low`, in steps that are easy to read."""

    def __init__(self, values, step, start, length, low=0.0):
        self.low = low
        self.step = step
        self.high = low + step
        while self.high < max(values) * 1.02:
            self.high += step
        self.start = start
        self.length = length

    def at(self, value):
        return self.start + (value - self.low) / (self.high - self.low) * self.length

    def ticks(self):
        count = round((self.high - self.low) / self.step)
        return [self.low + number * self.step for number in range(count + 1)]


def grid(across, up):
    """The lines that figures can be read off."""
    lines = []
    for value in across.ticks():
        x = across.at(value)
        lines.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"/>')
        place = f'x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle"'
        lines.append(f'<text class="quiet" {place}>{value:g}</text>')
    for value in up.ticks():
        y = up.at(value)
        lines.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        lines.append(f'<text class="quiet" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.1f}</text>')
    return lines


def has_room_right(x, y, others):
    """Whether a name fits between a place and the edge, or the next of the others."""
    return x <= WIDTH - RIGHT - NAME_WIDTH and not any(
        0 < other_x - x < NAME_WIDTH and abs(other_y - y) < NAME_HEIGHT for other_x, other_y in others)


def mark(name, x, y, others):
    """One allocator."""
    kind = "ours" if name.startswith("ebb") else "peer"
    end = not has_room_right(x, y, others)
    place = f'x="{x - 10:.1f}" text-anchor="end"' if end else f'x="{x + 10:.1f}"'
    return [f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>',
            f'<text class="text" {place} y="{y + 4:.1f}">{escape(name)}</text>']


def speed_and_memory(summaries):
    """Instructions of an allocation with its free against the smallest memory that suffices."""
    points = {name: (summary["recorded"]["alloc_and_free"], summary["recorded"]["footprint"])
              for name, summary in summaries.items() if summary["recorded"].get("footprint")}
    across = Axis([x for x, _ in points.values()], 50, LEFT, WIDTH - LEFT - RIGHT)
    up = Axis([y for _, y in points.values()], 0.1, HEIGHT - BOTTOM, -(HEIGHT - TOP - BOTTOM), low=1.0)
    body = [f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
            f'<text class="text" x="{LEFT}" y="24" font-weight="bold">'
            'Memory and time, recorded traces, RV32IMAC -O2</text>',
            f'<text class="quiet" x="{LEFT}" y="42">up: smallest memory that suffices / peak payload</text>',
            f'<text class="quiet" x="{WIDTH - RIGHT}" y="{HEIGHT - 12}" text-anchor="end">'
            'instructions of one allocation and its free, mean</text>',
            *grid(across, up)]
    places = {name: (across.at(x), up.at(y)) for name, (x, y) in points.items()}
    for name, (x, y) in places.items():
        body += mark(name, x, y, places.values())
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
            f"<style>{STYLE}</style>\n" + "\n".join(body) + "\n</svg>\n")
