# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Elements of an SVG file, as text, and a panel of one that things are placed in."""

from dataclasses import dataclass
from html import escape


def rectangle(name, left, top, width, height):
    size = f'width="{max(width, 0):.6g}" height="{max(height, 0):.6g}"'
    return f'<rect class="{name}" x="{left:.6g}" y="{top:.6g}" {size}/>'


def label(x, y, text, name="quiet", anchor="start"):
    return f'<text class="{name}" x="{x:.6g}" y="{y:.6g}" text-anchor="{anchor}">{escape(text)}</text>'


def upright(x, y, text):
    place = f"translate({x:.6g} {y:.6g}) rotate(-90)"
    return f'<text class="quiet" transform="{place}" text-anchor="middle">{escape(text)}</text>'


@dataclass
class Panel:
    """A part of the picture: operations from left to right, bytes from the bottom up."""

    left: float
    top: float
    width: float
    height: float
    operations: int
    most_bytes: int

    @property
    def right(self):
        return self.left + self.width

    @property
    def bottom(self):
        return self.top + self.height

    def x(self, operation):
        return round(self.left + self.width * operation / self.operations, 1)

    def y(self, size):
        return round(self.bottom - self.height * size / self.most_bytes, 1)


def operation_ticks(panel, most):
    """Round numbers of operations, at most so many."""
    steps = [digit * 10**power for power in range(10) for digit in (1, 2, 5)]
    step = next(step for step in steps if panel.operations / step <= most)
    return range(0, panel.operations + 1, step)


def byte_ticks(panel, most):
    """Places, their texts, and the unit that these are in."""
    step = next(2**power for power in range(64) if panel.most_bytes / 2**power <= most)
    unit, size = next((name, size) for name, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10), ("bytes", 1))
                      if step >= size)
    return [(place, f"{place // size:,}") for place in range(0, panel.most_bytes + 1, step)], unit


def draw_byte_axis(panel, title, most):
    """The lines that sizes are read off, and their numbers; `title` has a place for the unit."""
    ticks, unit = byte_ticks(panel, most)
    parts = [upright(14, panel.top + panel.height / 2, title.format(unit))]
    for place, text in ticks:
        y = panel.y(place)
        parts += [rectangle("grid", panel.left, y - 0.3, panel.width, 0.6),
                  label(panel.left - 6, y + 4, text, anchor="end")]
    return parts


def draw_operation_axis(panel, first_index):
    """Marks and numbers below a panel; what the trace calls the first operation is `first_index`."""
    parts = []
    for place in operation_ticks(panel, 8):
        x = panel.x(place)
        anchor = "end" if x > panel.right - 24 else "middle"
        parts += [rectangle("frame", x - 0.4, panel.bottom, 0.8, 4),
                  label(x, panel.bottom + 16, f"{place + first_index:,}", anchor=anchor)]
    parts.append(label(panel.left + panel.width / 2, panel.bottom + 32, "operations", anchor="middle"))
    return parts
