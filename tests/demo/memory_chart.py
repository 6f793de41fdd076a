# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Draws memory over time as SVG: panels side by side on one scale, legible on light and on dark pages."""

from dataclasses import dataclass, field
from html import escape

PANEL_WIDTH = 300
PANEL_HEIGHT = 260
PANEL_GAP = 22
MARGIN_LEFT = 66
MARGIN_RIGHT = 20
MARGIN_TOP = 96
MARGIN_BOTTOM = 92

# (class, light, dark); a renderer that knows no colour schemes shows the light ones.
FILLS = (
    ("page", "#ffffff", "#0d1117"),
    ("panel", "#f6f8fa", "#161b22"),
    ("payload", "#2f6fc4", "#4c8fe8"),
    ("payload-at-times", "#93b8e6", "#2d5389"),
    ("region", "#f5cd8f", "#7a5520"),
    ("region-at-times", "#fbe8c8", "#47351a"),
    ("grants", "#b9a5db", "#5f4a8b"),
    ("granted", "#3fa45b", "#2f8f4e"),
    ("refused", "#d1242f", "#ff6b6b"),
)
STROKES = (
    ("frame", "#8c959f", "#6e7681"),
    ("grid", "#d8dee4", "#2b323b"),
    ("region-end", "#b45f06", "#f0a53a"),
    ("reachable", "#6e4f1f", "#d9b36c"),
    ("grants-start", "#6b48b0", "#b392f0"),
    ("limit", "#1f2328", "#e6edf3"),
    ("moment", "#57606a", "#9aa4af"),
    ("refused-edge", "#d1242f", "#ff6b6b"),
    ("granted-edge", "#1a7f37", "#56d364"),
)
TEXTS = (
    ("text", "#1f2328", "#e6edf3"),
    ("quiet", "#57606a", "#9aa4af"),
    ("bad", "#c01c28", "#ff8080"),
    ("good", "#1a7f37", "#56d364"),
)


@dataclass
class GrantRequest:
    """A driver's first use, in bytes from the heap's start."""

    call: int
    grants: int
    size: int
    given: bool
    answer: str


@dataclass
class Panel:
    title: str
    lines: list
    samples: list
    limit: int
    reachable: object = None  # function: end of the region -> first address that protection guards
    request: GrantRequest = None


@dataclass
class Chart:
    title: str
    subtitle: str
    panels: list = field(default_factory=list)


def style_sheet():
    light, dark = [], []
    for names, form in ((FILLS, ".{}{{fill:{}}}"), (STROKES, ".{}{{stroke:{};fill:none}}"), (TEXTS, ".{}{{fill:{}}}")):
        for name, on_light, on_dark in names:
            light.append(form.format(name, on_light))
            dark.append(form.format(name, on_dark))
    return (
        "text{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;font-size:12px}"
        ".title{font-size:17px;font-weight:600}.head{font-size:14px;font-weight:600}"
        + "".join(light)
        + "@media (prefers-color-scheme:dark){"
        + "".join(dark)
        + "}"
    )


def nice_step(span, most_ticks, steps):
    return next((step for step in steps if span / step <= most_ticks), steps[-1])


def binary_steps():
    return [256 << n for n in range(16)]


def decimal_steps():
    return [digit * 10**power for power in range(1, 8) for digit in (1, 2, 5)]


def kibibytes(size):
    return f"{size / 1024:g}"


class Scale:
    """From calls and bytes to places in the picture."""

    def __init__(self, left, calls, size):
        self.left, self.calls, self.size = left, max(calls, 1), max(size, 1)

    def x(self, call):
        return round(self.left + PANEL_WIDTH * call / self.calls, 1)

    def y(self, size):
        return round(MARGIN_TOP + PANEL_HEIGHT * (1 - size / self.size), 1)


def rectangle(name, left, top, right, bottom, more=""):
    return (
        f'<rect class="{name}" x="{left:g}" y="{top:g}" width="{max(right - left, 0):g}" '
        f'height="{max(bottom - top, 0):g}"{more}/>'
    )


def line(name, x1, y1, x2, y2, more=""):
    return f'<path class="{name}" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"{more}/>'


def label(x, y, text, name="text", anchor="start"):
    return f'<text class="{name}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def steps_of(scale, samples, value):
    """Corners of a line that keeps `value` over the calls that each sample covers."""
    corners, start = [], 0
    for sample in samples:
        height = scale.y(value(sample))
        corners += [(scale.x(start), height), (scale.x(sample.call), height)]
        start = sample.call
    return corners


def without_repeats(corners):
    """Drops corners in the middle of a straight stretch: most of a fixed heap."""
    kept = []
    for corner in corners:
        if len(kept) >= 2 and kept[-1][1] == kept[-2][1] == corner[1]:
            kept.pop()
        if not kept or kept[-1] != corner:
            kept.append(corner)
    return kept


def path_of(corners):
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in without_repeats(corners))


def area(name, scale, samples, value):
    base = scale.y(0)
    corners = steps_of(scale, samples, value)
    return f'<path class="{name}" d="{path_of(corners)}V{base:g}H{scale.x(0):g}Z"/>'


def outline(name, scale, samples, value, more=' stroke-width="1.5"'):
    return f'<path class="{name}" d="{path_of(steps_of(scale, samples, value))}"{more}/>'


def draw_memory(scale, panel):
    samples = panel.samples
    parts = [
        area("region-at-times", scale, samples, lambda s: s.region_most),
        area("region", scale, samples, lambda s: s.region_least),
        area("payload-at-times", scale, samples, lambda s: s.payload_most),
        area("payload", scale, samples, lambda s: s.payload_least),
        outline("region-end", scale, samples, lambda s: s.region_most),
    ]
    if panel.reachable is not None:
        dotted = ' stroke-width="1.2" stroke-dasharray="1.5 2.5"'
        parts.append(outline("reachable", scale, samples, lambda s: panel.reachable(s.region_most), dotted))
    return parts


def draw_grants(scale, panel):
    top = scale.y(panel.limit)
    corners = steps_of(scale, panel.samples, lambda s: min(s.grants, panel.limit))
    right, left = corners[-1][0], corners[0][0]
    band = f'<path class="grants" d="{path_of(corners)}L{right:g} {top:g}L{left:g} {top:g}Z"/>'
    return [band, outline("grants-start", scale, panel.samples, lambda s: min(s.grants, panel.limit))]


def draw_request(scale, panel):
    request = panel.request
    if request is None:
        return []
    left, right = scale.x(request.call), scale.x(scale.calls)
    top, bottom = scale.y(request.grants), scale.y(request.grants - request.size)
    edge = "granted-edge" if request.given else "refused-edge"
    box = (
        rectangle("granted", left, top, right, bottom)
        if request.given
        else rectangle("refused", left, top, right, bottom, ' fill-opacity="0.3"')
    )
    dashes = "" if request.given else ' stroke-dasharray="5 3"'
    return [
        line("moment", left, MARGIN_TOP, left, scale.y(0), ' stroke-dasharray="3 3"'),
        box,
        rectangle(edge, left, top, right, bottom, f' stroke-width="1.8"{dashes}'),
        label(left - 6, bottom - 4, "driver's first use", "text", "end"),
    ]


def draw_grid(scale, with_numbers):
    parts = []
    step = nice_step(scale.size, 6, binary_steps())
    for size in range(0, int(scale.size) + 1, step):
        height = scale.y(size)
        parts.append(line("grid", scale.left, height, scale.left + PANEL_WIDTH, height))
        if with_numbers:
            parts.append(label(scale.left - 8, height + 4, kibibytes(size), "quiet", "end"))
    return parts


def draw_calls_axis(scale):
    parts = []
    base = scale.y(0)
    for call in range(0, int(scale.calls) + 1, nice_step(scale.calls, 5, decimal_steps())):
        parts.append(line("frame", scale.x(call), base, scale.x(call), base + 4))
        parts.append(label(scale.x(call), base + 17, f"{call:,}", "quiet", "middle"))
    parts.append(label(scale.left + PANEL_WIDTH / 2, base + 35, "calls of the allocator", "quiet", "middle"))
    return parts


def draw_heading(scale, panel):
    parts = [label(scale.left, MARGIN_TOP - 26, panel.title, "head text")]
    name = "quiet"
    if panel.request is not None:
        name = "good" if panel.request.given else "bad"
    parts.append(label(scale.left, MARGIN_TOP - 9, panel.lines[0], name))
    return parts


def draw_panel(scale, panel, is_first):
    parts = [rectangle("panel", scale.left, MARGIN_TOP, scale.left + PANEL_WIDTH, scale.y(0))]
    parts += draw_grid(scale, is_first)
    parts += draw_memory(scale, panel) + draw_grants(scale, panel) + draw_request(scale, panel)
    limit = scale.y(panel.limit)
    parts.append(line("limit", scale.left, limit, scale.left + PANEL_WIDTH, limit, ' stroke-width="2"'))
    parts.append(rectangle("frame", scale.left, MARGIN_TOP, scale.left + PANEL_WIDTH, scale.y(0)))
    return parts + draw_calls_axis(scale) + draw_heading(scale, panel)


def legend_entries(chart):
    entries = [
        ("area", "payload", "payload in use"),
        ("area", "region", "held by the heap, not in use"),
        ("line", "region-end", "end of the heap"),
    ]
    if any(panel.reachable is not None for panel in chart.panels):
        entries.append(("dots", "reachable", "what the MPU opens for it"))
    entries += [("area", "grants", "kernel and grants"), ("line", "limit", "end of the app's RAM")]
    requests = [panel.request for panel in chart.panels if panel.request is not None]
    if any(not request.given for request in requests):
        entries.append(("ghost", "refused", "grant refused"))
    if any(request.given for request in requests):
        entries.append(("area", "granted", "grant given"))
    return entries


def draw_sign(form, name, x, y):
    if form == "area":
        return rectangle(name, x, y - 10, x + 16, y)
    if form == "ghost":
        dashes = ' stroke-width="1.5" stroke-dasharray="4 2"'
        return rectangle(name, x, y - 10, x + 16, y, ' fill-opacity="0.3"') + rectangle(
            name + "-edge", x, y - 10, x + 16, y, dashes
        )
    more = ' stroke-width="1.5" stroke-dasharray="1.5 2.5"' if form == "dots" else ' stroke-width="2"'
    return line(name, x, y - 5, x + 16, y - 5, more)


def draw_legend(chart, width, y):
    parts, x = [], MARGIN_LEFT
    for form, name, text in legend_entries(chart):
        needed = 22 + 6.6 * len(text) + 14
        if x + needed > width:
            x, y = MARGIN_LEFT, y + 19
        parts += [draw_sign(form, name, x, y), label(x + 22, y, text)]
        x += needed
    return parts


def draw_chart(chart):
    """Returns the picture as the text of an SVG file."""
    count = len(chart.panels)
    width = MARGIN_LEFT + count * PANEL_WIDTH + (count - 1) * PANEL_GAP + MARGIN_RIGHT
    height = MARGIN_TOP + PANEL_HEIGHT + MARGIN_BOTTOM
    calls = max(panel.samples[-1].call for panel in chart.panels)
    size = max(panel.limit for panel in chart.panels) * 1.03
    middle = MARGIN_TOP + PANEL_HEIGHT / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(chart.title)}">',
        f"<title>{escape(chart.title)}</title><style>{style_sheet()}</style>",
        rectangle("page", 0, 0, width, height),
        label(MARGIN_LEFT, 26, chart.title, "title text"),
        label(MARGIN_LEFT, 45, chart.subtitle, "quiet"),
        f'<text class="quiet" transform="translate(18 {middle:g}) rotate(-90)" text-anchor="middle">'
        "KiB from the heap's start</text>",
    ]
    for index, panel in enumerate(chart.panels):
        scale = Scale(MARGIN_LEFT + index * (PANEL_WIDTH + PANEL_GAP), calls, size)
        parts += draw_panel(scale, panel, index == 0)
    parts += draw_legend(chart, width, MARGIN_TOP + PANEL_HEIGHT + 62) + ["</svg>"]
    return "\n".join(parts) + "\n"
